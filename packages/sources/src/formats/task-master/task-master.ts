import type { Checkout } from '../../checkout.js';
import { defineFormat, type TaskFormat } from '../../format.js';
import { withJsonValue } from '../../marking/json-value.js';
import type { Option } from '../../options.js';
import { idOf, isDone, isFinished, PREFIX, tasksOf } from './leaf-task.js';
import { leavesOf } from './needs.js';
import { otherTags, unknownTags, wantedTags } from './tags.js';
import { readTagLists } from './task-list.js';

export interface TaskMasterOptions {
  /** The tags whose tasks are read. @default the current one of `.taskmaster/state.json` */
  readonly tags?: readonly string[];
}

const FILES = ['.taskmaster/tasks/tasks.json', 'tasks/tasks.json'];

const tags: Option<readonly string[]> = {
  description: 'a list of tags',
  example: ['master', 'feature-x'],
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.length > 0 && value.every((tag) => typeof tag === 'string' && tag !== ''),
};

/**
 * The `tasks.json` of task-master. Subtasks are the tasks, as `task-master next` gives them out: a task with subtasks is
 * finished with the last of them.
 */
export const taskMaster: TaskFormat<TaskMasterOptions> = defineFormat({
  name: 'task-master',
  tasks: 'the tasks.json of task-master',
  options: { tags },

  async detect(checkout) {
    const file = await fileOf(checkout);
    if (file === undefined) return undefined;
    const { lists } = readTagLists((await checkout.read(file)) ?? '', file);
    // `tasks/tasks.json` is a name that others use, too.
    return lists.some(({ entries }) => entries.length > 0) ? { path: file } : undefined;
  },

  async load({ checkout, options }) {
    const file = await fileOf(checkout);
    const text = file === undefined ? undefined : await checkout.read(file);
    if (file === undefined || text === undefined) return { tasks: [] };
    const { lists, problem } = readTagLists(text, file);
    if (problem) return { tasks: [], diagnostics: [problem] };
    const wanted = await wantedTags(checkout, options.tags, lists);
    const diagnostics = options.tags
      ? unknownTags(file, options.tags, lists)
      : otherTags(file, lists, wanted);
    const used = lists.filter(({ tag }) => tag === undefined || wanted.includes(tag));
    const several = used.length > 1;
    const read = used.map((list) => tasksOf(list, file, several));
    return {
      tasks: read.flatMap(({ tasks }) => tasks),
      notes: new Map(read.flatMap(({ notes }) => notes)),
      diagnostics: [
        ...diagnostics,
        ...used.flatMap((list) => list.diagnostics),
        ...read.flatMap((one) => one.diagnostics),
      ],
    };
  },

  normaliseId: (id) => (/^\d+(?:\.\d+)*$/.test(id) ? `${PREFIX}${id}` : id),

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    if (text === undefined) return [];
    const { lists } = readTagLists(text, path);
    const { phase } = task.context ?? {};
    const list = lists.find(({ tag }) => tag === phase);
    const leaf =
      list && leavesOf(list.entries).find(({ entry }) => idOf(entry, list.tag, task.id) === task.id);
    if (!leaf || isFinished(leaf)) return [];
    const marked = new Set([leaf.entry.id]);
    // A task is finished with the last of its subtasks.
    for (const parent of [...leaf.parents].reverse()) {
      const isLast = parent.subtasks.every((one) => marked.has(one.id) || isDone(one));
      if (isLast && !isDone(parent)) marked.add(parent.id);
    }
    const entries = [...leaf.parents, leaf.entry].filter(({ id }) => marked.has(id));
    return [
      { path, text: entries.reduce((now, { path: at }) => withJsonValue(now, at, 'status', 'done'), text) },
    ];
  },
});

async function fileOf(checkout: Checkout): Promise<string | undefined> {
  for (const file of FILES) if (await checkout.has(file)) return file;
  return undefined;
}
