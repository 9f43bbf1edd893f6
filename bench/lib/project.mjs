import { seededRandom } from './random.mjs';

const AREAS = ['api', 'auth', 'billing', 'cart', 'catalog', 'email', 'search', 'users'];
const KINDS = ['handler', 'model', 'query', 'service', 'test', 'view'];

/**
 * Paths of a project, as many as asked for: `src/<area>/<package>/<kind>-<n>.ts`.
 *
 * @param {number} count
 * @returns {string[]}
 */
export function projectPaths(count) {
  return Array.from({ length: count }, (_, at) => {
    const area = AREAS[at % AREAS.length];
    const kind = KINDS[Math.floor(at / AREAS.length) % KINDS.length];
    return `src/${area}/package-${Math.floor(at / 200)}/${kind}-${at}.ts`;
  });
}

/**
 * What specs claim: mostly files of the project, some new files, some globs within a package.
 *
 * @param {{specs: number, patternsPerSpec: number, paths: readonly string[], seed?: number}} options
 * @returns {string[][]} patterns by spec
 */
export function specPatterns({ specs, patternsPerSpec, paths, seed = 1 }) {
  const random = seededRandom(seed);
  const one = (/** @type {number} */ spec) => {
    const path = random.pick(paths);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const kind = random.below(100);
    if (kind < 70) return path;
    if (kind < 85) return `${folder}/new-${spec}-${random.below(1_000_000)}.ts`;
    if (kind < 95) return `${folder}/${random.pick(KINDS)}-${random.below(10)}*.ts`;
    return `${folder}/*-${random.below(1_000)}.{ts,tsx}`;
  };
  return Array.from({ length: specs }, (_, spec) => Array.from({ length: patternsPerSpec }, () => one(spec)));
}

/**
 * The text of a spec that claims these patterns.
 *
 * @param {number} id
 * @param {readonly string[]} patterns
 */
export function specText(id, patterns) {
  return [
    `# Task ${id}`,
    '',
    ...patterns.map((pattern) => `**File**: \`${pattern}\``),
    '',
    'Make it so.',
    '',
  ].join('\n');
}

/**
 * A project with specs, as files of a repository.
 *
 * @param {{specs: number, files: number}} size
 * @returns {Record<string, string>}
 */
export function projectFiles({ specs, files }) {
  const paths = projectPaths(files);
  const patterns = specPatterns({ specs, patternsPerSpec: 8, paths });
  return {
    ...Object.fromEntries(paths.map((path) => [path, ''])),
    ...Object.fromEntries(
      patterns.map((claimed, at) => [`specs/SPEC-${at + 1}-task.md`, specText(at + 1, claimed)]),
    ),
  };
}

/**
 * What a separator would find in such a spec.
 *
 * @param {string} taskId
 * @param {readonly string[]} patterns
 * @returns {import('@pwt/core').TaskClaims}
 */
export function claimsOf(taskId, patterns) {
  return {
    taskId,
    unknownScope: false,
    claims: patterns.map((pattern) => ({
      pattern,
      mode: 'write',
      class: 'exclusive',
      confidence: 'declared',
      rule: 'file-label',
    })),
  };
}
