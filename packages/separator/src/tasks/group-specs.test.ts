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

it('numbers tasks apart from stories and specs', () => {
  const names = ['US-1-login', 'TASK-1-form', 'TASK-2-page', 'PRIORITY-3-x', 'US-3-x', 'SPEC-9-us-003-y'];
  const files = names.map((name) => ({ path: `specs/${name}.md`, name }));
  const { groups } = groupSpecs(files);
  expect(groups.map(({ id, files }) => [id, files.length])).toEqual([
    ['1', 1],
    ['2', 1],
    ['3', 3],
    ['t1', 1],
  ]);
});
