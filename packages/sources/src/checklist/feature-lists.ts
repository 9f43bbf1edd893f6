import type { FileEdit, TaskContext } from '@pwt/core';
import type { Checkout } from '../checkout.js';
import type { FormatMarkRequest, FormatTask } from '../format.js';
import { tickLines } from '../marking/tick-line.js';
import { distinct, nameForId } from '../names.js';
import { boxesToTick, inOrder, listTasks, partOf } from './list-tasks.js';
import { type Checklist, parseChecklist } from './parse-checklist.js';
import type { Part } from './parts.js';

/** A folder of a feature with the file that lists its tasks. */
export interface FeatureFolder {
  readonly folder: string;
  /** What ids begin with. */
  readonly name: string;
  /** The list, relative to the root. */
  readonly path: string;
}

/** The options of formats with a list of tasks in a folder for each feature. */
export interface ListOptions {
  /** False: the tasks of a list do not wait for each other, only their claims keep them apart. @default true */
  readonly inOrder?: boolean;
}

/** A task and what it is made of. */
export interface FeatureTask {
  readonly feature: FeatureFolder;
  readonly task: FormatTask;
  readonly part: Part;
}

/** How a format reads the list of a feature. */
export interface ListReading {
  /** Cuts a list into tasks. */
  readonly parts: (list: Checklist) => readonly Part[];
  readonly context: (folder: FeatureFolder) => Promise<TaskContext>;
  /** What the parts wait for, where the list says so itself. */
  readonly needs?: (
    list: Checklist,
    parts: readonly Part[],
  ) => ReadonlyMap<Part, readonly string[]> | undefined;
}

/**
 * The folders below some folders that have a list.
 *
 * @param named makes the name of a feature from that of its folder
 */
export async function featureFolders(
  checkout: Checkout,
  parents: readonly string[],
  file: string,
  named: (folder: string) => string = (folder) => folder,
): Promise<readonly FeatureFolder[]> {
  const found: FeatureFolder[] = [];
  for (const parent of parents) {
    for (const name of await checkout.folders(parent)) {
      const folder = `${parent}/${name}`;
      if (await checkout.has(`${folder}/${file}`)) found.push({ folder, name, path: `${folder}/${file}` });
    }
  }
  const names = distinct(found.map(({ name }) => nameForId(named(name), 'feature')));
  return found.map((feature, at) => ({ ...feature, name: names[at] ?? feature.name }));
}

/** The tasks of the lists of features. */
export async function featureTasks(
  checkout: Checkout,
  features: readonly FeatureFolder[],
  { parts: cut, context, needs }: ListReading,
  options: ListOptions,
): Promise<readonly FeatureTask[]> {
  const texts = await checkout.readAll(features);
  const found: FeatureTask[] = [];
  for (const [at, feature] of features.entries()) {
    const list = parseChecklist(texts[at] ?? '');
    const parts = cut(list);
    if (parts.length === 0) continue;
    const order = options.inOrder === false ? new Map() : (needs?.(list, parts) ?? inOrder(parts));
    const { path, name } = feature;
    const shared = { path, list, parts, prefix: `${name}-`, needs: order };
    const tasks = listTasks({ ...shared, context: await context(feature) });
    found.push(...tasks.map((task, place) => ({ feature, task, part: parts[place] as Part })));
  }
  return found;
}

/**
 * The list of a task with its boxes ticked off.
 *
 * @param withOptional true if boxes that may be left out were to be done, too
 */
export async function markPart(
  { task, read }: Pick<FormatMarkRequest, 'task' | 'read'>,
  cut: (list: Checklist) => readonly Part[],
  withOptional = false,
): Promise<readonly FileEdit[]> {
  const { path = '' } = task.specs[0] ?? {};
  const text = await read(path);
  if (text === undefined) return [];
  const list = parseChecklist(text);
  const part = partOf(task, cut(list));
  if (!part) return [];
  const edited = tickLines(text, boxesToTick(list, part, withOptional));
  return edited === text ? [] : [{ path, text: edited }];
}

/** Those of some files that are there. */
export async function existing(checkout: Checkout, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) if (await checkout.has(path)) found.push(path);
  return found;
}
