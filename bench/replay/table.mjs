/**
 * One table per corpus: a row per rule, three columns per number of instances.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @param {readonly import('./replay.mjs').ReplayRow[]} rows
 * @param {Pick<import('./replay.mjs').ReplayOptions, 'instances' | 'repeats'>} options
 * @returns {import('../lib/table.mjs').Table}
 */
export function replayTable({ name, tasks }, rows, { instances, repeats }) {
  const rules = [...new Set(rows.map(({ rule }) => rule))];
  return {
    title: `${name}: ${tasks.length} tasks`,
    columns: {
      rule: 'text',
      ...Object.fromEntries(
        instances.flatMap((count) => [
          [`${count}: faster`, /** @type {const} */ ('ratio')],
          [`${count}: redos`, /** @type {const} */ ('text')],
          [`${count}: work`, /** @type {const} */ ('ratio')],
        ]),
      ),
    },
    rows: rules.map((rule) => ({
      rule,
      ...Object.fromEntries(
        rows
          .filter((row) => row.rule === rule)
          .flatMap((row) => [
            [`${row.instances}: faster`, row.speedup],
            [`${row.instances}: redos`, row.redos.toFixed(1)],
            [`${row.instances}: work`, row.work],
          ]),
      ),
    })),
    note: `Mean of ${repeats} runs with other durations. faster: than one by one; redos: tasks done again after a true collision; work: done beside needed.`,
  };
}
