import type { Diagnostic } from '@pwt/core';
import { defineFormat, type TaskFormat } from '../../format.js';
import { withFrontMatterValue } from '../../marking/front-matter-value.js';
import { folder as folderOption } from '../../options.js';
import { textOf } from '../../reading/fields.js';
import { readFrontMatter } from '../../reading/front-matter.js';
import { backlogFolder, lastStatus } from './backlog-config.js';
import { isFinished, taskOf } from './backlog-task.js';
import { idFinder } from './ids.js';
import { type BacklogFile, finishedTasks, readTasks, taskFiles } from './task-files.js';

export interface BacklogMdOptions {
  /** The folder of the backlog. @default 'backlog', '.backlog', or what `backlog.config.yml` names */
  readonly folder?: string;
}

const ID = /^[a-z][a-z0-9_]*-\d+(?:\.\d+)*$/i;
/** Folders of the backlog in which every task is finished. */
const FINISHED = ['completed', 'archive'];

/** The tasks of Backlog.md: a file each, `backlog/tasks/task-12 - Title.md`. Drafts are no tasks yet. */
export const backlogMd: TaskFormat<BacklogMdOptions> = defineFormat({
  name: 'backlog-md',
  tasks: 'the tasks of Backlog.md',
  options: { folder: folderOption('backlog') },

  async detect(checkout) {
    const folder = await backlogFolder(checkout);
    const [first] = folder === undefined ? [] : await taskFiles(checkout, `${folder}/tasks`);
    return first && { path: first.path };
  },

  async load({ checkout, options }) {
    const folder = options.folder ?? (await backlogFolder(checkout));
    if (folder === undefined) return { tasks: [] };
    const [files, last] = await Promise.all([
      readTasks(checkout, `${folder}/tasks`),
      lastStatus(folder, async (path) => ((await checkout.has(path)) ? checkout.read(path) : undefined)),
    ]);
    const past = (
      await Promise.all(FINISHED.map((name) => finishedTasks(checkout, `${folder}/${name}`)))
    ).flat();
    // Of several with one id, such as one that was archived and one that took its number, the unfinished one counts.
    const finished = new Map(past.map((task) => [task.id, task]));
    for (const { id } of files.tasks) finished.delete(id);
    const idOf = idFinder([...finished.values(), ...files.tasks].map(({ id }) => id));
    const parts = new Map<string, BacklogFile[]>();
    for (const file of files.tasks) {
      const parent = textOf(file.fields.parent_task_id);
      if (parent !== undefined) parts.set(idOf(parent), [...(parts.get(idOf(parent)) ?? []), file]);
    }
    const diagnostics = [...files.diagnostics];
    const report = (found: Diagnostic) => void diagnostics.push(found);
    const tasks = await Promise.all(
      files.tasks.map((file) =>
        taskOf(file, { last, idOf, parts: parts.get(file.id) ?? [], checkout, report }),
      ),
    );
    return { tasks: [...tasks, ...finished.values()], diagnostics };
  },

  normaliseId(id) {
    if (/^\d+(?:\.\d+)*$/.test(id)) return `TASK-${id}`;
    return ID.test(id) ? id.toUpperCase() : id;
  },

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    if (text === undefined) return [];
    const last = await lastStatus(path.slice(0, path.indexOf('/tasks/')), read);
    const status = textOf(readFrontMatter(text)?.status);
    if (status !== undefined && isFinished(status, last)) return [];
    return [
      {
        path,
        text: withFrontMatterValue(text, 'status', /^[\w ]+$/.test(last) ? last : JSON.stringify(last)),
      },
    ];
  },
});
