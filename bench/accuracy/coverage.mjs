/**
 * What the texts say about the files that were changed.
 *
 * @typedef {object} Coverage Shares of all changed files, but for the last.
 * @property {number} claimed By a claim that is declared or inferred.
 * @property {number} mentioned Named, or claimed as read or possible, and no more.
 * @property {number} hinted Its name without extensions is a word of the text, and no more.
 * @property {number} silent
 * @property {number} existingUnnamed Of the changed files that existed before: neither claimed nor named.
 */

/**
 * @param {readonly import('../replay/corpus.mjs').ReplayTask[]} tasks
 * @param {readonly import('../replay/evidence.mjs').ReadTask[]} read What is found in their texts.
 * @returns {Coverage}
 */
export function coverageOf(tasks, read) {
  const files = tasks.flatMap(({ changed, tree }, at) => {
    const existing = new Set(tree);
    return [...changed].map((path) => ({
      grade: read[at]?.evidence.files.get(path)?.grade,
      existed: existing.has(path),
    }));
  });
  const share = (/** @type {(file: (typeof files)[number]) => boolean} */ test, among = files) =>
    among.filter(test).length / among.length;
  return {
    claimed: share(({ grade }) => grade === 'declared' || grade === 'inferred'),
    mentioned: share(({ grade }) => grade === 'mentioned'),
    hinted: share(({ grade }) => grade === 'none'),
    silent: share(({ grade }) => grade === undefined),
    existingUnnamed: share(
      ({ grade }) => grade === undefined || grade === 'none',
      files.filter(({ existed }) => existed),
    ),
  };
}
