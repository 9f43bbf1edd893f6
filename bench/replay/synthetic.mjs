import { seededRandom } from '../lib/random.mjs';

const AREAS = ['api', 'billing', 'cart', 'mail', 'orders', 'search', 'users', 'web'];
const HUBS = ['src/cli.ts', 'src/routes.ts', 'src/styles.css', 'src/types.ts'];
const FILES_PER_AREA = 40;

/**
 * Tasks that resemble real ones in what matters here: each changes some files of an area and often a hub; its spec
 * declares most of them but not all, names one that may change, mentions others, and is now and then wrong.
 *
 * @param {{tasks?: number, seed?: number}} [options]
 * @returns {import('./corpus.mjs').Corpus}
 */
export function syntheticCorpus({ tasks = 60, seed = 20261124 } = {}) {
  const random = seededRandom(seed);
  const chance = (/** @type {number} */ percent) => random.below(100) < percent;
  const inArea = (/** @type {string} */ area) => `src/${area}/${area}-${random.below(FILES_PER_AREA)}.ts`;
  const tree = [
    ...HUBS,
    ...AREAS.flatMap((area) =>
      Array.from({ length: FILES_PER_AREA }, (_, at) => `src/${area}/${area}-${at}.ts`),
    ),
  ].sort();
  const one = (/** @type {number} */ at) => {
    const area = random.pick(AREAS);
    const files = Array.from({ length: 1 + random.below(4) }, () => inArea(area));
    const hubs = HUBS.filter((_, hub) => chance(10 + 5 * hub));
    const changed = new Set([...files, ...hubs]);
    const declared = [...changed].filter((path) => chance(HUBS.includes(path) ? 45 : 75));
    const wrong = chance(30) ? [inArea(area)] : [];
    const perhaps = chance(60) ? [random.pick([...HUBS, ...changed, inArea(area)])] : [];
    const mentioned = [inArea(area), inArea(random.pick(AREAS)), random.pick(HUBS)];
    const title = `Task ${at + 1}: change ${area}`;
    const list = (/** @type {readonly string[]} */ paths) => paths.map((path) => `- \`${path}\``);
    const text = [`# ${title}`, '', 'See also:', '', ...list(mentioned), '', '## File Scope', ''];
    return {
      id: String(at + 1),
      specPath: `specs/SPEC-${at + 1}-${area}.md`,
      text: [
        ...text,
        ...list([...declared, ...wrong, ...(declared.length === 0 ? files.slice(0, 1) : [])]),
        ...list(perhaps).map((line) => `${line} (if needed)`),
        '',
      ].join('\n'),
      tree,
      changed,
    };
  };
  return {
    name: 'synthetic',
    isBookkeeping: () => false,
    tasks: Array.from({ length: tasks }, (_, at) => one(at)),
  };
}
