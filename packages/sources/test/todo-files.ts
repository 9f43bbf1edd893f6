import type { FolderEntry } from '../src/file-system.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../src/format.js';
import { folderList } from '../src/options.js';
import { sha256 } from '../src/sha256.js';

export interface TodoFilesOptions {
  /** @default ['todo'] */
  readonly folders?: readonly string[];
}

/** Markdown files in a folder `todo`: each is a task. One that begins with "Done" is finished. */
export const todoFiles: TaskFormat<TodoFilesOptions> = defineFormat({
  name: 'todo-files',
  tasks: 'Markdown files in a folder "todo"',
  options: { folders: folderList(['todo']) },

  async detect(checkout) {
    const first = (await checkout.entries('todo')).find(isMarkdown);
    return first && { path: `todo/${first.name}` };
  },

  async load({ checkout, options: { folders = ['todo'] } }) {
    const tasks: FormatTask[] = [];
    for (const folder of folders) {
      for (const { name } of (await checkout.entries(folder)).filter(isMarkdown)) {
        const path = `${folder}/${name}`;
        const text = await checkout.read(path);
        if (text === undefined) continue;
        const id = name.slice(0, -'.md'.length);
        const task = { id, title: id, specs: [{ path, text, hash: sha256(text) }], dependsOn: [] };
        tasks.push(text.startsWith('Done') ? { ...task, done: `${path} begins with "Done"` } : task);
      }
    }
    return { tasks };
  },

  normaliseId: (id) => id.toLowerCase(),

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    return text === undefined || text.startsWith('Done') ? [] : [{ path, text: `Done. ${text}` }];
  },
});

function isMarkdown({ kind, name }: FolderEntry): boolean {
  return (kind === 'file' || kind === 'link') && name.endsWith('.md');
}
