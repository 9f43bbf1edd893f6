/** Quoted names in the sources that start like an error code: variables in the environment of what pwt starts, and one that it reads. */
const ENVIRONMENT = new Set(
  [
    ...['RUN_ID', 'TASK_ID', 'SPEC', 'PROMPT_FILE', 'CLAIMS_FILE', 'WORKTREE', 'BRANCH', 'BASE', 'MARK'],
    'REDIS_PASSWORD',
  ].map((name) => `PWT_${name}`),
);

/**
 * Compares the error codes in the sources with the headings of `docs/errors.md`.
 *
 * @param {{sources: readonly {path: string, text: string}[], document: string}} input
 * @returns {string[]} the problems, each with the file to mend
 */
export function errorCodeProblems({ sources, document }) {
  const headings = [...document.matchAll(/^## `?(PWT_[A-Z0-9_]+)`?\s*$/gm)].map(([, code = '']) => code);
  const used = new Map(
    sources.flatMap(({ path, text }) =>
      [...text.matchAll(/['"](PWT_[A-Z0-9_]*[A-Z0-9])['"]/g)].map(
        ([, code = '']) => /** @type {const} */ ([code, path]),
      ),
    ),
  );
  for (const name of ENVIRONMENT) used.delete(name);
  return [
    ...[...used]
      .filter(([code]) => !headings.includes(code))
      .map(([code, path]) => `${path}: ${code} has no heading in docs/errors.md`),
    ...headings.filter((code) => !used.has(code)).map((code) => `docs/errors.md: nothing raises ${code}`),
    ...headings
      .filter((code, index) => headings.indexOf(code) !== index)
      .map((code) => `docs/errors.md: ${code} has two headings`),
  ];
}
