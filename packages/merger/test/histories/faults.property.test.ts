import { hasCode, type IntegrateOutcome } from '@pwt/core';
import type { Git, MergeTreeRequest } from '@pwt/git';
import { afterEach, expect, it, vi } from 'vitest';
import { type Batch, batches, forEachAtOnce, makeBatch } from './batch.js';
import { ancestorsOf, contains, type History, mergeBasesOf, type Node } from './history.js';

/** The base that merges are made on instead of the right one, where no base is asked for. */
const wrongBases = vi.hoisted(() => new Map<string, string>());

vi.mock('@pwt/git', async (original) => {
  const real = await original<typeof import('@pwt/git')>();
  const mergeTree = (git: Git, request: MergeTreeRequest) => {
    const base = request.base ?? wrongBases.get(`${request.ours} ${request.theirs}`);
    return real.mergeTree(git, { ...request, ...(base === undefined ? {} : { base }) });
  };
  const mergeWithin: typeof real.mergeWithin = (git, sides, limits) => {
    const base = sides.base ?? wrongBases.get(`${sides.ours} ${sides.theirs}`);
    return real.mergeWithin(git, { ...sides, ...(base === undefined ? {} : { base }) }, limits);
  };
  return { ...real, mergeTree, mergeWithin };
});

afterEach(() => wrongBases.clear());

const PROVE = process.env.PWT_PROVE === '1';
const few = PROVE ? batches.slice(0, 4) : batches;
/** How many histories of a batch are played. */
const PLAYED = PROVE ? 500 : 15;

const joinOf = (batch: Batch, index: number, name: string) => {
  const history = batch.histories[index] as History;
  const [task = history.tip] = history.tasks;
  const [onto, commit] = [batch.ids.get(history.tip) ?? '', batch.ids.get(task) ?? ''];
  const subject = { kind: 'tasks', taskIds: [`${name}-${index}`] } as const;
  return { history, task, request: { runId: 'r1', subject, onto, commit, message: 'join' } };
};

it.for(few)('a merge on a wrong base is never taken (batch %i)', { timeout: 3_600_000 }, async (number) => {
  const batch = await makeBatch(number);
  const { git, merger } = batch.repository;
  const treeOf = (commit: string) => git.text(['rev-parse', `${commit}^{tree}`]);
  const taken = await forEachAtOnce(batch.histories.slice(0, PLAYED), async (_, index) => {
    const { history, task, request } = joinOf(batch, index, 'base');
    const right = await merger.integrate(request).catch(unsound);
    if (right?.status !== 'merged') return [];
    const found: { harmful: boolean; refused: boolean }[] = [];
    for (const wrong of wrongBasesOf(history, task).slice(0, 2)) {
      const base = batch.ids.get(wrong) ?? '';
      const pair = `${request.onto} ${request.commit}`;
      const { mergeTree } = await import('@pwt/git');
      const direct = await mergeTree(git, { ours: request.onto, theirs: request.commit, base });
      const harmful = direct.status === 'clean' && direct.tree !== (await treeOf(right.commit));
      wrongBases.set(pair, base);
      const again = joinOf(batch, index, `wrong-${found.length}`).request;
      const outcome = await merger.integrate(again).catch(unsound);
      wrongBases.delete(pair);
      found.push({ harmful, refused: outcome?.status !== 'merged' });
    }
    return found;
  });
  const harmful = taken.flat().filter((each) => each.harmful);
  expect(harmful.filter(({ refused }) => !refused)).toEqual([]);
  expect(harmful.length).toBeGreaterThan(5);
});

it.for(few)('what has moved is seen every time (batch %i)', { timeout: 3_600_000 }, async (number) => {
  const batch = await makeBatch(number);
  const { git, merger } = batch.repository;
  await forEachAtOnce(batch.histories.slice(0, PLAYED), async (history, index) => {
    const { task, request } = joinOf(batch, index, 'moved');
    const runId = `m${index}`;
    const target = `target-${index}`;
    const outcome = await merger.integrate({ ...request, runId }).catch(unsound);
    if (outcome?.status !== 'merged') return;
    const { onto: from } = request;
    const to = outcome.commit;
    const move = (ref: string, id: string) => git.run(['update-ref', ref, id]);
    // The integration ref, by another process.
    const others = history.nodes.filter((node) => node !== history.tip);
    const elsewhere = batch.ids.get(others[index % others.length] ?? task) ?? '';
    await move(`refs/pwt/${runId}/integration`, elsewhere);
    expect(await merger.advance({ runId, from, to })).toEqual({ status: 'moved', tip: elsewhere });
    // The task's branch, after its commit was taken: what was tested is what lands.
    await move(`refs/heads/task-${index}`, elsewhere);
    // The target, by the user.
    await move(`refs/heads/${target}`, elsewhere);
    expect(await merger.land({ runId, target, from, to })).toEqual({ status: 'moved', tip: elsewhere });
    expect(await merger.tip(target)).toBe(elsewhere);
    await move(`refs/heads/${target}`, from);
    expect(await merger.land({ runId, target, from, to })).toEqual({ status: 'landed' });
    expect(await merger.tip(target)).toBe(to);
    // Back, after it had landed: that is not put right behind the user's back.
    await move(`refs/heads/${target}`, from);
    const later = await merger.land({ runId, target, from: to, to });
    expect(later).toEqual({ status: 'moved', tip: from });
  });
});

/** The commits that are no merge base of the two, those first that make one side look as if it took work back. */
function wrongBasesOf({ nodes, tip }: History, task: Node): Node[] {
  const right = new Set(mergeBasesOf(tip, task));
  const below = new Set([...ancestorsOf(tip), ...ancestorsOf(task)]);
  const wrong = nodes.filter((node) => below.has(node) && !right.has(node));
  return wrong.sort((one, other) => Number(contains(other, one)) - Number(contains(one, other)));
}

function unsound(error: unknown): IntegrateOutcome | undefined {
  if (hasCode(error, 'PWT_MERGE_UNSOUND')) return undefined;
  throw error;
}
