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
import { type Checkout, isFile } from '../../checkout.js';
import { defineFormat, type TaskFormat } from '../../format.js';
import { flag, folderList, oneOf } from '../../options.js';
import { statedNeeds } from './stated-needs.js';

export interface AgentOsOptions extends ListOptions {
  /** Folders that hold the folders of specs. @default ['.agent-os/specs', 'agent-os/specs'] */
  readonly folders?: readonly string[];
  /** What a task is: a numbered task or a task group, with its sub-tasks, or each sub-task. @default 'task' */
  readonly unit?: 'task' | 'subtask';
}

const defaultFolders: readonly string[] = ['.agent-os/specs', 'agent-os/specs'];
const LIST = 'tasks.md';
const DOCUMENTS = ['spec.md', 'spec-lite.md', 'planning/requirements.md'];
/** `2026-01-31-login`, `20260131-login` */
const DATED = /^(?:\d{4}-\d{2}-\d{2}|\d{8})[-_]/;

/**
 * The tasks of Agent OS, `.agent-os/specs/<date>-<name>/tasks.md` and `agent-os/specs/…`: each numbered task or task group with
 * its sub-tasks. Ids are `<name>-<number>`, without the date.
 */
export const agentOs: TaskFormat<AgentOsOptions> = defineFormat({
  name: 'agent-os',
  tasks: 'the tasks.md of an Agent OS spec',
  options: {
    folders: folderList(['.agent-os/specs']),
    unit: oneOf(['task', 'subtask']),
    inOrder: flag(false),
  },

  async detect(checkout) {
    for (const { path } of await lists(checkout, defaultFolders))
      if (parseChecklist((await checkout.read(path)) ?? '').roots.length > 0) return { path };
    return undefined;
  },

  async load({ checkout, options }) {
    const features = await lists(checkout, options.folders ?? defaultFolders);
    const context = (feature: FeatureFolder) => contextOf(checkout, feature);
    const reading = { parts: (list: Checklist) => cut(list, options), context, needs: statedNeeds };
    const found = await featureTasks(checkout, features, reading, options);
    return { tasks: found.map(({ task }) => task) };
  },

  normaliseId: (id) => id.replace(DATED, '').replace(/(-\d+)\.0$/, '$1'),

  markDone: ({ options, ...request }) => markPart(request, (list) => cut(list, options)),
});

function lists(checkout: Checkout, folders: readonly string[]): Promise<readonly FeatureFolder[]> {
  return featureFolders(checkout, folders, LIST, (name) => name.replace(DATED, ''));
}

function cut(list: Checklist, { unit = 'task' }: AgentOsOptions): readonly Part[] {
  return unit === 'task' ? groupParts(list) : leafParts(list);
}

async function contextOf(checkout: Checkout, { folder, path }: FeatureFolder): Promise<TaskContext> {
  const own = await existing(
    checkout,
    DOCUMENTS.map((name) => `${folder}/${name}`),
  );
  const details = (await checkout.entries(`${folder}/sub-specs`))
    .filter((entry) => isFile(entry) && entry.name.endsWith('.md'))
    .map(({ name }) => `${folder}/sub-specs/${name}`);
  return { folder, documents: [...own, ...details, path] };
}
