import { expect, it } from 'vitest';
import { extendVocabulary } from './extend-vocabulary.js';
import { separateSpecs } from './separate-specs.js';

it('goes from texts to conflicts without a file system', () => {
  const found = separateSpecs(
    [
      { path: 'specs/SPEC-020-a.md', text: '# A\n**File**: `src/a.ts`' },
      { path: 'specs/SPEC-021-b.md', text: '# B\n**File**: `src/*.ts`\n**Dependencies**: SPEC-020' },
      { path: 'specs/SPEC-022-c.md', text: '# C\n**File**: `README.md`' },
      { path: 'notes.md', text: 'not a spec' },
    ],
    { tree: ['README.md', 'src/a.ts'] },
  );
  expect(found.tasks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['20', []],
    ['21', ['20']],
    ['22', []],
  ]);
  expect(found.conflicts.map(({ tasks, paths }) => [tasks, paths])).toEqual([[['20', '21'], ['src/a.ts']]]);
  expect(found.independentPairs).toEqual([
    ['20', '22'],
    ['21', '22'],
  ]);
  expect(found.diagnostics).toEqual([]);
});

it('reads other languages when it is told the words', () => {
  const text =
    '# A\n## Zu ändernde Dateien\n- `src/a.ts`\n## Verweise\n- `src/b.ts`\n\n**Abhängigkeiten**: SPEC-2';
  const files = [
    { path: 'SPEC-1-a.md', text },
    { path: 'SPEC-2-b.md', text: '' },
  ];
  const vocabulary = extendVocabulary({
    fileSections: ['zu ändernde dateien'],
    ignoredSections: ['verweise'],
    dependencies: ['abhängigkeiten'],
  });
  const { tasks, claims } = separateSpecs(files, { vocabulary });
  expect(claims[0]?.claims.map(({ pattern, rule }) => [pattern, rule])).toEqual([
    ['src/a.ts', 'file-section'],
  ]);
  expect(tasks[0]?.dependsOn).toEqual(['2']);
});
