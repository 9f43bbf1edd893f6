const DOCUMENTS = ['spec.md', 'plan.md', 'research.md', 'quickstart.md'];

/** Tasks of a story: tests and code of its own, and a check of the whole. */
function story(number: number, count: number): string[] {
  const files = Array.from({ length: count - 1 }, (_, at) => {
    const kind = ['models', 'services', 'routes'][at % 3];
    return `[P] [US${number}] Create the ${kind} of part ${at} in src/story${number}/${kind}-${at}.ts`;
  });
  return [...files, `[US${number}] Verify that all tests of story ${number} pass`];
}

/** A spec-kit feature: set-up, foundation, three stories and polish, with tasks that only check something. */
export function specKitFeature(perStory: number): {
  readonly files: Record<string, string>;
  readonly ids: readonly string[];
} {
  const phases = {
    'Phase 1: Setup': [
      'Create the package in package.json',
      '[P] Create the settings of the linter in lint.json',
      'Run the linter and fix issues',
    ],
    'Phase 2: Foundational': ['Create the database in src/db.ts', '[P] Create the errors in src/errors.ts'],
    'Phase 3: User Story 1': story(1, perStory),
    'Phase 4: User Story 2': story(2, perStory),
    'Phase 5: User Story 3': story(3, perStory),
    'Phase 6: Polish': [
      '[P] Update README.md',
      'Run the full test suite',
      'Run the linter',
      'Run quickstart.md validation',
      'Final code review',
    ],
  };
  const ids: string[] = [];
  const lines = Object.entries(phases).flatMap(([phase, tasks]) => [
    `## ${phase}`,
    '',
    ...tasks.map((text) => {
      ids.push(`T${String(ids.length + 1).padStart(3, '0')}`);
      return `- [ ] ${ids.at(-1)} ${text}`;
    }),
    '',
  ]);
  const documents = DOCUMENTS.map((name) => [`specs/001-shop/${name}`, `# ${name}\n`]);
  const tasks = `# Tasks: Shop\n\n${lines.join('\n')}`;
  return { files: { ...Object.fromEntries(documents), 'specs/001-shop/tasks.md': tasks }, ids };
}
