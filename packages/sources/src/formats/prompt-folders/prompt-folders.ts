import { type Diagnostic, defined, isTaskId } from '@pwt/core';
import { below, type Checkout } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { folderList } from '../../options.js';
import { sha256 } from '../../sha256.js';
import { parsePrompt } from './parse-prompt.js';

export interface PromptFoldersOptions {
  /** Folders that hold task folders. @default every folder of the root */
  readonly folders?: readonly string[];
}

const FILE = 'PROMPT.md';
const FOLDER_ID = /^([A-Za-z][A-Za-z0-9]{0,15}-\d{1,8})(?:[-_ ]|$)/;

/**
 * Folders with a `PROMPT.md`, such as `tasks/TP-067-fix-telemetry/PROMPT.md`. A folder that holds a file `.DONE`
 * is a finished task.
 */
export const promptFolders: TaskFormat<PromptFoldersOptions> = defineFormat({
  name: 'prompt-folders',
  tasks: `folders with a ${FILE}`,
  options: { folders: folderList(['tasks']) },

  async detect(checkout) {
    const found = await taskFolders(checkout, await defaultFolders(checkout));
    const [first] = found;
    if (first === undefined) return undefined;
    // Named, so that not every folder of the root is looked into each time.
    const folders: readonly string[] = [
      ...new Set(found.map((path) => path.slice(0, path.lastIndexOf('/')))),
    ];
    return { path: `${first}/${FILE}`, options: { folders } };
  },

  async load({ checkout, options }) {
    const folders = await taskFolders(checkout, options.folders ?? (await defaultFolders(checkout)));
    const texts = await checkout.readAll(folders.map((folder) => ({ path: `${folder}/${FILE}` })));
    const tasks: FormatTask[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const [at, folder] of folders.entries()) {
      const text = texts[at];
      if (text === undefined) continue;
      const task = taskOf(folder, text);
      if (!task) diagnostics.push(nameless(`${folder}/${FILE}`));
      else if (await checkout.has(`${folder}/.DONE`))
        tasks.push({ ...task, done: `${folder}/.DONE is there` });
      else tasks.push(task);
    }
    return { tasks: takenUpAgain(tasks), diagnostics };
  },

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const mark = `${path.slice(0, -FILE.length)}.DONE`;
    const isThere = (await read(path)) !== undefined && (await read(mark)) === undefined;
    return isThere ? [{ path: mark, text: '' }] : [];
  },

  normaliseId: (id) => (/^[A-Za-z][A-Za-z0-9]*-\d+$/.test(id) ? id.toUpperCase() : id),
});

async function defaultFolders(checkout: Checkout): Promise<readonly string[]> {
  return (await checkout.folders('')).filter((name) => name !== 'node_modules' && name !== '.git');
}

/** Folders with a `PROMPT.md`, relative to the root, sorted within each parent. */
async function taskFolders(checkout: Checkout, parents: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const parent of parents) {
    for (const name of await checkout.folders(parent)) {
      const folder = below(parent, name);
      if (await checkout.has(`${folder}/${FILE}`)) found.push(folder);
    }
  }
  return found;
}

/** An open task whose id a finished one has, too, is to be done; what needs that id has what was finished already. */
function takenUpAgain(tasks: readonly FormatTask[]): readonly FormatTask[] {
  const open = new Set(tasks.filter(({ done }) => done === undefined).map(({ id }) => id));
  const again = new Set(
    tasks.filter(({ id, done }) => done !== undefined && open.has(id)).map(({ id }) => id),
  );
  if (again.size === 0) return tasks;
  return tasks
    .filter(({ id, done }) => done === undefined || !again.has(id))
    .map((task) => ({ ...task, dependsOn: task.dependsOn.filter((id) => !again.has(id)) }));
}

/** `undefined` if neither the heading nor the folder has an id. */
function taskOf(folder: string, text: string): FormatTask | undefined {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const { id = FOLDER_ID.exec(name)?.[1]?.toUpperCase(), title, dependsOn, estimateMs } = parsePrompt(text);
  if (id === undefined || !isTaskId(id)) return undefined;
  return {
    id,
    title: title ?? id,
    specs: [{ path: `${folder}/${FILE}`, text, hash: sha256(text) }],
    dependsOn,
    ...defined({ estimateMs }),
  };
}

function nameless(path: string): Diagnostic {
  return {
    code: 'PWT_TASK_ID_MISSING',
    severity: 'warning',
    message: `${path} names no task: neither its heading nor its folder has an id.`,
    hint: 'Start it with "# Task: TP-001 - Title".',
    path,
    line: 1,
  };
}
