/**
 * Tasks of a large backlog: most have files of their own, some share a file that many want, some build on another one.
 *
 * @param {number} count
 * @param {ReturnType<typeof import('../../lib/random.mjs').seededRandom>} random
 * @returns {{tasks: import('@pwt/core').Task[], claims: import('@pwt/core').TaskClaims[]}}
 */
export function backlog(count, random) {
  const tasks = [];
  const claims = [];
  for (let at = 0; at < count; at += 1) {
    const id = String(at + 1);
    const isHot = random.below(100) < 2;
    const dependsOn = at > 0 && random.below(100) < 10 ? [String(at - random.below(Math.min(at, 2000)))] : [];
    const paths = [
      `area-${at % 500}/task-${id}.ts`,
      ...(isHot ? [`shared/hot-${random.below(200)}.ts`] : []),
    ];
    tasks.push({ id, title: `Task ${id}`, specs: [], dependsOn: dependsOn.filter((one) => one !== '0') });
    claims.push({ taskId: id, claims: paths.map(claim), unknownScope: false });
  }
  return { tasks, claims };
}

/** @param {string} pattern @returns {import('@pwt/core').Claim} */
function claim(pattern) {
  return { pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'bench' };
}
