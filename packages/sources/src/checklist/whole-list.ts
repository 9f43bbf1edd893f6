import type { FileEdit, ReadFile, TaskContext } from '@pwt/core';
import type { FormatTask } from '../format.js';
import { tickLines } from '../marking/tick-line.js';
import { sha256 } from '../sha256.js';
import { boxesToTick, hashOf, onlyChecks, titleOf } from './list-tasks.js';
import { isDone, parseChecklist } from './parse-checklist.js';

export interface WholeList {
  readonly id: string;
  readonly title: string;
  /** The list, relative to the root. */
  readonly path: string;
  readonly text: string;
  /** What is read with the list, such as the proposal that it carries out. */
  readonly with?: { readonly path: string; readonly text: string } | undefined;
  readonly dependsOn: readonly string[];
  readonly context: TaskContext;
  /** What else than its boxes shows that it is finished. */
  readonly done?: string | undefined;
}

/** A list whose boxes are one task together. */
export function wholeListTask(list: WholeList): FormatTask {
  const { id, path, text, dependsOn, context } = list;
  const { roots } = parseChecklist(text);
  const isFinished = roots.length > 0 && roots.every((item) => item.optional || isDone(item));
  const done = list.done ?? (isFinished ? `${path} has no open box` : undefined);
  return {
    id,
    title: titleOf(list.title),
    specs: [
      { path, text, hash: hashOf(text) },
      ...(list.with ? [{ ...list.with, hash: sha256(list.with.text) }] : []),
    ],
    dependsOn,
    context,
    ...(onlyChecks(roots) ? { verification: true as const } : {}),
    ...(done === undefined ? {} : { done }),
  };
}

/** The list with every box ticked off. */
export async function markWholeList(path: string, read: ReadFile): Promise<readonly FileEdit[]> {
  const text = await read(path);
  if (text === undefined) return [];
  const list = parseChecklist(text);
  const edited = tickLines(text, boxesToTick(list, { items: list.roots }, true));
  return edited === text ? [] : [{ path, text: edited }];
}
