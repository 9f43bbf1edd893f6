import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = { paths: ['lib/x.ts', 'src/a.ts', 'src/b.ts', 'src/old/x.ts'] };

/** What the lines of a spec are found to change, as `mode pattern`. */
function changes(...lines: readonly string[]): readonly string[] {
  const specs = [{ path: 'specs/SPEC-1-x.md', text: ['# T', '', ...lines].join('\n'), hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const [scope] = new RegexSpecSeparator().separateNow({ tasks: [task], tree }).claims;
  return (scope?.claims ?? []).map(({ mode, pattern }) => `${mode} ${pattern}`);
}

const both = ['rename src/a.ts', 'rename src/c.ts'];

describe('a rename', () => {
  it.each([
    '- Rename `src/a.ts` to `src/c.ts`',
    '- Rename src/a.ts to src/c.ts',
    '- Renamed `src/a.ts` to `src/c.ts`',
    '- Moved: `src/a.ts` → `src/c.ts`',
    '**Renamed**: `src/a.ts` → `src/c.ts`',
  ])('claims both ends: %s', (line) => {
    expect(changes(line)).toEqual(both);
  });

  it.each(['- `src/a.ts` → `src/c.ts`', '- src/a.ts -> src/c.ts', '- `src/a.ts` => `src/c.ts` (renamed)'])(
    'needs no verb in a list of files: %s',
    (line) => {
      expect(changes('## File Scope', line)).toEqual(both);
    },
  );

  it('is not every arrow in a list of files', () => {
    expect(changes('## File Scope', '- `src/a.ts` → calls into `src/b.ts`')).toEqual(['write src/a.ts']);
  });

  it('may be of several files', () => {
    const expected = ['rename src/a.ts', 'rename src/c.ts', 'rename src/b.ts', 'rename src/d.ts'];
    expect(changes('- Rename `src/a.ts` to `src/c.ts` and `src/b.ts` to `src/d.ts`')).toEqual(expected);
  });

  it('may be of several files to a folder each', () => {
    const expected = ['rename src/a.ts', 'rename x/a.ts', 'rename src/b.ts', 'rename y/b.ts'];
    expect(changes('- Move `src/a.ts` to `x/` and `src/b.ts` to `y/`')).toEqual(expected);
  });

  it('may be of several files to one folder', () => {
    const expected = ['rename src/a.ts', 'rename src/b.ts', 'rename lib/a.ts', 'rename lib/b.ts'];
    expect(changes('- Move `src/a.ts` and `src/b.ts` to `lib/`')).toEqual(expected);
  });

  it.each([
    ['- Move `src/old/` to `src/new/`', ['rename src/old/', 'rename src/new/']],
    ['- Move `src/old` to `lib/newer`', ['rename src/old/', 'rename lib/newer/']],
    ['- Move `src/old` to `packages/new`', ['rename src/old/', 'rename packages/new/']],
  ])('of a folder claims both prefixes: %s', (line, expected) => {
    expect(changes(line)).toEqual(expected);
  });
});
