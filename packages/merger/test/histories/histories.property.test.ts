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
    const { git } = batch.repository;

    const made = joins.flatMap((join) => join.made ?? []);
    const commits = made.map(({ commit }) => commit);
    const [trees, parents] = [await readTrees(git, commits), await readParents(git, commits)];
    for (const [index, { node }] of made.entries()) node.tree = trees[index] ?? new Map();
    const wrong = joins.flatMap((join) => {
      if (join.outcome === 'unsound') return [];
      const found = violationsOfJoin(join, join.made?.node.tree ?? new Map());
      const is = join.made === undefined ? [] : parents.get(join.made.commit);
      if (`${is}` !== `${join.made?.parents ?? []}`) found.push(`parents: ${is}`);
      return found.length === 0 ? [] : [described(batch, join, found)];
    });
    expect(wrong).toEqual([]);

    // What git has joined by mistake is not taken; that it is a mistake, the model must say as well.
    const unsound = joins.filter(({ refused }) => refused !== undefined);
    const refused = await readTrees(git, await commitsOf(batch, unsound));
    const needless = unsound.filter(
      (join, index) => violationsOfJoin(join, refused[index] ?? new Map()).length === 0,
    );
    expect(needless.map((join) => described(batch, join, []))).toEqual([]);

    for (const outcome of ['merged', 'contained', 'conflicted'] as const)
      for (const way of WAYS)
        expect(
          joins.some((join) => join.way === way && join.outcome === outcome),
          `${way} ${outcome}`,
        ).toBe(true);
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

/** Commits for the trees that were not taken. */
async function commitsOf({ repository }: Batch, joins: readonly Join[]): Promise<string[]> {
  const made = joins.map(({ refused }) =>
    repository.git.text(['commit-tree', refused ?? '', '-m', 'refused']),
  );
  return Promise.all(made);
}

function described({ histories }: Batch, { history, way, onto, task }: Join, found: readonly string[]) {
  return { history: histories.indexOf(history), way, onto, task, found };
}
