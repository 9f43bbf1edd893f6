import { createHash } from 'node:crypto';
import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type Diagnostic,
  isTaskId,
  type LoadRequest,
  type LoadResult,
  type Task,
  type TaskSource,
} from '@pwt/core';
import { parsePrompt } from './parse-prompt.js';

export interface PromptFolderSourceOptions {
  /** The top level of the checkout. Absolute. */
  readonly root: string;
  /** Folders that hold task folders. @default every folder of the root that holds some */
  readonly folders?: readonly string[];
}

const MAX_BYTES = 4 * 1024 ** 2;
const FILE = 'PROMPT.md';
const FOLDER_ID = /^([A-Za-z][A-Za-z0-9]{0,15}-\d{1,8})(?:[-_ ]|$)/;

/**
 * Tasks that are folders with a `PROMPT.md`, such as `tasks/TP-067-fix-telemetry/PROMPT.md`. A folder that
 * holds a `.DONE` file is a finished task: it is left out, and counts as done for those that wait for it.
 */
export class PromptFolderSource implements TaskSource {
  readonly #root: string;
  readonly #folders: readonly string[] | undefined;

  constructor(options: PromptFolderSourceOptions) {
    this.#root = options.root;
    this.#folders = options.folders;
  }

  async load(request: LoadRequest): Promise<LoadResult> {
    const diagnostics: Diagnostic[] = [];
    const tasks = new Map<string, Task>();
    /** The folders of tasks that are done, by id. */
    const finished = new Map<string, string>();
    for (const folder of await this.#taskFolders()) {
      const task = await this.#task(folder, diagnostics);
      if (!task) continue;
      const other = tasks.get(task.id);
      if (existsSync(join(this.#root, folder, '.DONE'))) finished.set(task.id, folder);
      else if (other) diagnostics.push(duplicate(task, other));
      else tasks.set(task.id, task);
    }
    for (const id of request.ids ?? []) {
      if (tasks.has(id)) continue;
      const folder = finished.get(id);
      const message = `There is no ${folder === undefined ? '' : 'unfinished '}task ${id} with a ${FILE}.`;
      const hint = folder === undefined ? {} : { hint: `${id} is finished: ${folder}/.DONE is there.` };
      diagnostics.push({ code: 'PWT_TASK_UNKNOWN', severity: 'error', taskId: id, message, ...hint });
    }
    const wanted = request.ids && new Set(request.ids);
    const chosen = [...tasks.values()].filter((task) => !wanted || wanted.has(task.id));
    const open = chosen.map((task) => ({
      ...task,
      dependsOn: task.dependsOn.filter((id) => !finished.has(id)),
    }));
    return { tasks: open, diagnostics };
  }

  normaliseId(id: string): string {
    return /^[A-Za-z][A-Za-z0-9]*-\d+$/.test(id) ? id.toUpperCase() : id;
  }

  async #task(folder: string, diagnostics: Diagnostic[]): Promise<Task | undefined> {
    const path = `${folder}/${FILE}`;
    const text = await this.#read(path, diagnostics);
    if (text === undefined) return undefined;
    const {
      id = FOLDER_ID.exec(basename(folder))?.[1]?.toUpperCase(),
      title,
      dependsOn,
      estimateMs,
    } = parsePrompt(text);
    if (id === undefined || !isTaskId(id)) {
      const message = `${path} names no task: neither its heading nor its folder has an id.`;
      const hint = 'Start it with "# Task: TP-001 - Title".';
      diagnostics.push({
        code: 'PWT_TASK_ID_MISSING',
        severity: 'warning',
        message,
        hint,
        file: path,
        line: 1,
      });
      return undefined;
    }
    return {
      id,
      title: title ?? id,
      specs: [{ path, text, hash: createHash('sha256').update(text).digest('hex') }],
      dependsOn,
      ...(estimateMs === undefined ? {} : { estimateMs }),
    };
  }

  async #read(path: string, diagnostics: Diagnostic[]): Promise<string | undefined> {
    try {
      const bytes = await readFile(join(this.#root, path));
      if (bytes.length <= MAX_BYTES && !bytes.includes(0)) return bytes.toString('utf8');
      const message = `${path} is not read: it is ${bytes.length > MAX_BYTES ? 'larger than 4 MB' : 'binary'}.`;
      diagnostics.push({ code: 'PWT_SPEC_UNREADABLE', severity: 'error', message, file: path });
    } catch (error) {
      const message = `${path} can't be read: ${(error as Error).message}`;
      diagnostics.push({ code: 'PWT_SPEC_UNREADABLE', severity: 'error', message, file: path });
    }
    return undefined;
  }

  /** Folders with a `PROMPT.md`, relative to the root, sorted. */
  async #taskFolders(): Promise<readonly string[]> {
    const parents = this.#folders ?? (await this.#subfolders('.')).filter((name) => name !== 'node_modules');
    const found: string[] = [];
    for (const parent of parents) {
      for (const name of await this.#subfolders(parent)) {
        const folder = `${parent}/${name}`;
        if (existsSync(join(this.#root, folder, FILE))) found.push(folder);
      }
    }
    return found;
  }

  async #subfolders(folder: string): Promise<readonly string[]> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(this.#root, folder), { withFileTypes: true });
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
    const names = entries
      .filter((entry) => entry.isDirectory() && entry.name !== '.git')
      .map((entry) => entry.name);
    return names.sort();
  }
}

function duplicate(task: Task, other: Task): Diagnostic {
  const file = task.specs[0]?.path ?? '';
  return {
    code: 'PWT_TASK_ID_DUPLICATE',
    severity: 'warning',
    taskId: task.id,
    message: `${task.id} is also the id of ${other.specs[0]?.path}; only that one is used.`,
    file,
    line: 1,
  };
}
