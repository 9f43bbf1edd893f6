import type { CommitId, ConflictedPath, TaskIn } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { chainOf } from './chosen-chain.js';
import { integratedInOrder } from './integrated-order.js';

/**
 * The tasks that were not chosen and without which a chosen one can't be joined, so that all of them together can. None, if
 * that would not help.
 */
export async function neededToJoin(
  context: RunContext,
  taskIds: readonly string[],
  tip: CommitId,
  conflict: { readonly taskId: string; readonly paths: readonly ConflictedPath[] },
): Promise<readonly string[]> {
  const needs = new Set<string>();
  let { taskId, paths } = conflict;
  for (;;) {
    const more = changersBefore(context, taskId, paths).filter(
      (id) => !taskIds.includes(id) && !needs.has(id),
    );
    if (more.length === 0) return [];
    for (const id of more) needs.add(id);
    const chain = await chainOf(context, [...taskIds, ...needs], tip);
    if (chain.status === 'joined') return inOrder(context, needs);
    ({ taskId, paths } = chain);
  }
}

/** The tasks that were not chosen and on whose work a chosen one builds: it started with their work in its base. */
export async function builtOn(context: RunContext, taskIds: readonly string[]): Promise<readonly string[]> {
  const line = integratedInOrder(context.log.run);
  const chosen = line.filter(({ task }) => taskIds.includes(task.id));
  const needs = new Set<string>();
  for (const other of line) {
    if (taskIds.includes(other.task.id)) continue;
    for (const task of chosen) if (await isIn(context, other, task)) needs.add(other.task.id);
  }
  return inOrder(context, needs);
}

/** Whether the work of one task was in the base of another. */
async function isIn(
  { parts }: RunContext,
  { integratedAs, commit, exitedAt }: TaskIn<'integrated'>,
  { base, over, dispatchedAt }: TaskIn<'integrated'>,
): Promise<boolean> {
  for (const ancestor of [integratedAs, commit])
    if (await parts.merger.contains({ ancestor, descendant: base })) return true;
  // Its base is on a history that is gone, where that work was another commit.
  return over !== undefined && exitedAt < dispatchedAt;
}

function changersBefore(
  { log }: RunContext,
  taskId: string,
  paths: readonly ConflictedPath[],
): readonly string[] {
  const line = integratedInOrder(log.run);
  const names = new Set(paths.map(({ path }) => path));
  const place = line.findIndex(({ task }) => task.id === taskId);
  return line
    .slice(0, place)
    .filter(({ changes }) => changes.some(({ path, from }) => names.has(path) || names.has(from ?? '')))
    .map(({ task }) => task.id);
}

function inOrder({ log }: RunContext, ids: ReadonlySet<string>): readonly string[] {
  return integratedInOrder(log.run).flatMap(({ task }) => (ids.has(task.id) ? [task.id] : []));
}
