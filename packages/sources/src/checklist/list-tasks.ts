import type { Task, TaskContext } from '@pwt/core';
import type { FormatTask } from '../format.js';
import { sha256 } from '../sha256.js';
import { isVerification } from '../verification.js';
import { type Checklist, type ChecklistItem, isDone, leavesOf } from './parse-checklist.js';
import type { Part } from './parts.js';

/** A checklist in a file, cut into parts. */
export interface PartedList {
  /** Relative to the root. */
  readonly path: string;
  readonly list: Checklist;
  readonly parts: readonly Part[];
  /** What the ids begin with, before the numbers of the parts: `add-login-`. */
  readonly prefix: string;
  readonly context: TaskContext;
  /** The numbers of the parts that each waits for. */
  readonly needs: ReadonlyMap<Part, readonly string[]>;
}

/** A task for each part of a list, in their order. */
export function listTasks({ path, list, parts, prefix, context, needs }: PartedList): readonly FormatTask[] {
  return parts.map((part): FormatTask => {
    const text = `${list.lines
      .slice(part.firstLine - 1, part.lastLine)
      .join('\n')
      .trimEnd()}\n`;
    const { phase } = part;
    return {
      id: `${prefix}${part.number}`,
      title: titleOf(part.title),
      specs: [{ path, text, firstLine: part.firstLine, hash: hashOf(text) }],
      dependsOn: (needs.get(part) ?? []).map((number) => `${prefix}${number}`),
      context: { ...context, ...(phase === undefined ? {} : { phase }) },
      ...(onlyChecks(part.items) ? { verification: true as const } : {}),
      ...(isPartDone(part) ? { done: evidence(path, part) } : {}),
    };
  });
}

/** Words for a title. */
export function titleOf(words: string): string {
  return words.slice(0, 120).trim();
}

/** A hash that is the same whichever boxes are ticked. */
export function hashOf(text: string): string {
  return sha256(text.replace(/^(\s*(?:[-*+]|\d+[.)])\s+)\[[xX~/-]\]/gm, '$1[ ]'));
}

/** True if all that has to be done of a part is done. */
export function isPartDone({ items }: Part): boolean {
  return items.every((item) => item.optional || isDone(item)) && items.some((item) => isDone(item));
}

/** True if all of a part may be left out. */
export function isOptional({ items }: Pick<Part, 'items'>): boolean {
  return items.every(({ optional }) => optional);
}

/** What a part waits for where each goes on from the one before it: the last one that is not finished. */
export function inOrder(parts: readonly Part[]): ReadonlyMap<Part, readonly string[]> {
  const needs = new Map<Part, readonly string[]>();
  let before: Part | undefined;
  for (const part of parts) {
    needs.set(part, before ? [before.number] : []);
    if (!isPartDone(part) && !isOptional(part)) before = part;
  }
  return needs;
}

/** What shows that a part is finished, to be read after "is finished:". */
function evidence(path: string, { item, firstLine }: Part): string {
  return item?.ticked ? `${path}:${firstLine} is ticked off` : `${path}:${firstLine} has no open box`;
}

/** True if all that is open in some boxes only checks something. */
export function onlyChecks(items: readonly ChecklistItem[]): boolean {
  const open = leavesOf(items).filter(({ ticked, optional }) => !ticked && !optional);
  return open.length > 0 && open.every(({ text }) => isVerification(text));
}

/** The part that a task has been made of, in a list that may have changed since: by number and words, by words, by number. */
export function partOf({ id, title }: Task, parts: readonly Part[]): Part | undefined {
  const numbered = parts
    .filter(({ number }) => id.endsWith(`-${number}`))
    .reduce<Part | undefined>(
      (best, part) => (part.number.length > (best?.number.length ?? 0) ? part : best),
      undefined,
    );
  if (numbered && titleOf(numbered.title) === title) return numbered;
  const [named, ...others] = parts.filter((part) => titleOf(part.title) === title);
  if (named && others.length === 0) return named;
  // The words have changed. A number that its author has written is the same task; one that only counts along need not be.
  return numbered?.item?.number === undefined ? undefined : numbered;
}

/**
 * The lines of the boxes to tick for a part: its own, and each one above them that then has nothing left to do. Optional ones
 * below it stay open unless they were to be done, too.
 */
export function boxesToTick(
  { roots }: Checklist,
  part: Pick<Part, 'items'>,
  withOptional: boolean,
): readonly number[] {
  const ticked = new Set<ChecklistItem>();
  const tick = (item: ChecklistItem) => {
    ticked.add(item);
    for (const child of item.children) if (withOptional || !child.optional) tick(child);
  };
  for (const item of part.items) if (withOptional || !item.optional || isOptional(part)) tick(item);
  /** Tells whether an item is finished now, and ticks it if what is below it has finished it. */
  const finish = (item: ChecklistItem): boolean => {
    const below = item.children
      .map((child) => ({ child, done: finish(child) }))
      .filter(({ child }) => !child.optional);
    if (item.ticked || ticked.has(item)) return true;
    const done = below.length > 0 && below.every((one) => one.done);
    if (done && below.some(({ child }) => ticked.has(child))) ticked.add(item);
    return done;
  };
  for (const item of roots) finish(item);
  return [...ticked].filter((item) => !item.ticked).map(({ line }) => line);
}
