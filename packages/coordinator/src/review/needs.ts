import type { CommitId, ConflictedPath } from '@pwt/core';
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

/** The tasks that were not chosen and that were there when the chosen ones came through their tests. */
export function testedWith({ log }: RunContext, taskIds: readonly string[]): readonly string[] {
  const line = integratedInOrder(log.run).map(({ task }) => task.id);
  const last = line.findLastIndex((id) => taskIds.includes(id));
  return line.slice(0, last).filter((id) => !taskIds.includes(id));
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
