import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.js';

const bodies = (...lines: readonly string[]) =>
  readLines(lines.join('\n'))
    .filter(({ kind }) => kind !== 'blank')
    .map(({ number, body }) => `${number} ${body}`);

describe('comments', () => {
  it('hide what stands in them', () => {
    expect(bodies('# T', '<!--', '- a.ts', '## Files', '-->', '- b.ts')).toEqual(['1 T', '6 b.ts']);
    expect(bodies('<!-- - a.ts -->', '- b.ts', '  <!-- c', 'd --> e', '- f.ts')).toEqual([
      '2 b.ts',
      '5 f.ts',
    ]);
  });

  it('are no comments in code, in a sentence, or if nothing closes them', () => {
    expect(bodies('```html', '<!--', '```', '- a.ts -->')).toContain('4 a.ts -->');
    expect(bodies('Put `<!--` before', '- a.ts', '-->')).toContain('2 a.ts');
    expect(bodies('<!-- closed -->', '<!-- open', '- a.ts')).toEqual(['2 <!-- open', '3 a.ts']);
  });
});
