import { expect, it } from 'vitest';
import { type Batch, batches, forEachAtOnce, makeBatch } from './batch.js';
import { readParents, readTrees } from './imported.js';
import { type Join, joinAll, violationsOfJoin, WAYS } from './joining.js';

const PROVE = process.env.PWT_PROVE === '1';

it.for(batches)(
  'random histories are joined as their sides say, and land as they were joined (batch %i)',
  { timeout: 3_600_000 },
  async (number) => {
    const batch = await makeBatch(number);
    const joins = (await forEachAtOnce(batch.histories, (_, index) => play(batch, index))).flat(2);
    const made = joins.flatMap((join) => join.made ?? []);
    const commits = made.map(({ commit }) => commit);
    const { git } = batch.repository;
    const [trees, parents] = [await readTrees(git, commits), await readParents(git, commits)];
    for (const [index, { node }] of made.entries()) node.tree = trees[index] ?? new Map();
    const wrong = joins.flatMap((join) => {
      const found = violationsOfJoin(join, join.made?.node.tree ?? new Map());
      const is = join.made === undefined ? [] : parents.get(join.made.commit);
      if (`${is}` !== `${join.made?.parents ?? []}`) found.push(`parents: ${is}`);
      const { way, onto, task } = join;
      return found.length === 0
        ? []
        : [{ history: batch.histories.indexOf(join.history), way, onto, task, found }];
    });
    expect(wrong).toEqual([]);
    const outcomes = new Set(joins.map(({ way, outcome }) => `${way} ${outcome}`));
    // Every way has met every outcome, so that none is checked in name only.
    expect(outcomes.size).toBe(3 * WAYS.length);
  },
);

/** Joins the work of a history, in every way in full and in one by turns otherwise, and lands the last join. */
async function play({ repository, histories, ids }: Batch, index: number): Promise<Join[][]> {
  const { merger } = repository;
  const history = histories[index];
  if (history === undefined) return [];
  const ways = PROVE ? WAYS : WAYS.slice(index % WAYS.length).slice(0, 1);
  const all: Join[][] = [];
  for (const way of ways) all.push(await joinAll(merger, { runId: `h${index}`, history, way }, ids));

  const landing = all[index % all.length] ?? [];
  const from = ids.get(history.tip) ?? '';
  const to = landing.findLast((join) => join.made)?.made?.commit ?? from;
  const target = `target-${index}`;
  expect(await merger.land({ runId: `h${index}`, target, from, to })).toEqual({ status: 'landed' });
  expect(await merger.tip(target)).toBe(to);
  return all;
}
