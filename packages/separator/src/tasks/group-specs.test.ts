import { describe, expect, it } from 'vitest';
import { groupSpecs } from './group-specs.js';

describe('a name without a usable id', () => {
  it.each(['SPEC-$(id)-x', 'SPEC-;rm', 'SPEC- '])(
    '%j is left out with a word, and the others are used',
    (name) => {
      const files = [
        { path: `specs/${name}.md`, name },
        { path: 'specs/SPEC-7-fine.md', name: 'SPEC-7-fine' },
      ];
      const { groups, diagnostics } = groupSpecs(files);
      expect(groups.map((group) => group.id)).toEqual(['7']);
      expect(diagnostics).toMatchObject([{ code: 'PWT_SPEC_NAME_INVALID', path: `specs/${name}.md` }]);
    },
  );
});
