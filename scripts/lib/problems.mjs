/**
 * Ends a check: prints what is wrong, one line each, and fails if there is anything; says what was checked otherwise.
 *
 * @param {readonly string[]} problems
 * @param {string} checked
 */
export function conclude(problems, checked) {
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? `ok: ${checked}` : `${problems.length} problem(s)`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/**
 * Does the work for every item, two at a time, and keeps the order of the results.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
export async function inPairs(items, work) {
  /** @type {R[]} */
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
