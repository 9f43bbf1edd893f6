import { describe, expect, it } from 'vitest';
import { wordPlaces } from './text-evidence.js';

const spec = (text: string, extra: { path?: string; firstLine?: number } = {}) => ({
  ...{ path: 'specs/SPEC-1.md', hash: '', text },
  ...extra,
});

describe('wordPlaces', () => {
  it('says where a word stands first, whole and in parts, whatever its case', () => {
    const specs = [
      spec('# The Tag-Editor\n\nThe editor\nof tags'),
      spec('Editor, tags', { path: 'specs/SPEC-1-b.md', firstLine: 40 }),
    ];
    const wanted = new Set(['tag-editor', 'editor', 'tags', 'tag', 'nowhere']);
    expect(Object.fromEntries(wordPlaces(specs, (word) => wanted.has(word)))).toEqual({
      'tag-editor': { path: 'specs/SPEC-1.md', line: 1 },
      tag: { path: 'specs/SPEC-1.md', line: 1 },
      editor: { path: 'specs/SPEC-1.md', line: 1 },
      tags: { path: 'specs/SPEC-1.md', line: 4 },
    });
  });

  it('knows words of other scripts, and counts their lines alike', () => {
    const places = wordPlaces([spec('Ein\nÜberblick\n漢字_name', { firstLine: 7 })], () => true);
    expect([...places].map(([word, { line }]) => [word, line])).toEqual([
      ['ein', 7],
      ['überblick', 8],
      ['漢字_name', 9],
    ]);
  });
});
