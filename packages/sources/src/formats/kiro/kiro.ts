import type { TaskContext } from '@pwt/core';
import {
  existing,
  type FeatureFolder,
  featureFolders,
  featureTasks,
  type ListOptions,
  markPart,
} from '../../checklist/feature-lists.js';
import { type Checklist, parseChecklist } from '../../checklist/parse-checklist.js';
import { groupParts, leafParts, type Part } from '../../checklist/parts.js';
import type { Checkout } from '../../checkout.js';
import { defineFormat, type TaskFormat } from '../../format.js';
import { flag, folderList, oneOf } from '../../options.js';
import { withoutOptional } from './optional.js';
import { needsByWave, readWaves } from './waves.js';

export interface KiroOptions extends ListOptions {
  /** Folders that hold the folders of features. @default ['.kiro/specs'] */
  readonly folders?: readonly string[];
  /** What a task is. @default `subtask` in a list with a dependency graph, `task` in others */
  readonly unit?: 'task' | 'subtask';
  /** True: tasks that are marked as optional are to be done, too. @default false */
  readonly optional?: boolean;
}

const defaultFolders: readonly string[] = ['.kiro/specs'];
const LIST = 'tasks.md';
const DOCUMENTS = ['requirements.md', 'bugfix.md', 'design.md', LIST];
const STEERING = ['product.md', 'structure.md', 'tech.md'].map((name) => `.kiro/steering/${name}`);

/**
 * The tasks of Kiro's `.kiro/specs/<feature>/tasks.md`: each numbered box with its sub-tasks, in order. Where Kiro has written
 * a graph of waves, each sub-task by itself, in waves. Ids are `<feature>-<number>`.
 */
export const kiro: TaskFormat<KiroOptions> = defineFormat({
  name: 'kiro',
  tasks: 'the tasks.md of a Kiro spec',
  options: {
    folders: folderList(['.kiro/specs']),
    unit: oneOf(['task', 'subtask']),
    optional: flag(true),
    inOrder: flag(false),
  },

  async detect(checkout) {
    for (const { path } of await featureFolders(checkout, defaultFolders, LIST))
      if (parseChecklist((await checkout.read(path)) ?? '').roots.length > 0) return { path };
    return undefined;
  },

  async load({ checkout, options }) {
    const features = await featureFolders(checkout, options.folders ?? defaultFolders, LIST);
    const tasks = await featureTasks(
      checkout,
      features,
      {
        parts: (list) => cut(list, options),
        context: (feature) => contextOf(checkout, feature),
        needs: (list, parts) => {
          const waves = isBySubtask(list, options) ? readWaves(list) : undefined;
          return waves && needsByWave(waves, parts);
        },
      },
      options,
    );
    return { tasks: tasks.map((one) => (options.optional ? one.task : withoutOptional(one))) };
  },

  normaliseId: (id) => id.replace(/-t?(\d+(?:\.\d+)*)\.?$/i, '-$1').replace(/(-\d+)\.0$/, '$1'),

  markDone: ({ options, ...request }) => markPart(request, (list) => cut(list, options), options.optional),
});

function cut(list: Checklist, options: KiroOptions): readonly Part[] {
  return isBySubtask(list, options) ? leafParts(list) : groupParts(list);
}

function isBySubtask(list: Checklist, { unit }: KiroOptions): boolean {
  return unit === undefined ? readWaves(list) !== undefined : unit === 'subtask';
}

async function contextOf(checkout: Checkout, { folder }: FeatureFolder): Promise<TaskContext> {
  const own = DOCUMENTS.map((name) => `${folder}/${name}`);
  return { folder, documents: await existing(checkout, [...own, ...STEERING]) };
}
