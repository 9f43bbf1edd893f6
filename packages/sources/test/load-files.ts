import type { Diagnostic, FileEdit, Task } from '@pwt/core';
import { openFormat } from '../src/formats.js';
import { MemoryFiles, ROOT } from './memory-files.js';

export interface LoadedFiles {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
  /** The ids of the tasks, each with what it waits for. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
  /** The files with one of the tasks marked. */
  readonly mark: (id: string) => Promise<readonly FileEdit[]>;
}

/** The tasks that given files have in a format. */
export async function loadFiles(
  format: string,
  files: Readonly<Record<string, string>>,
  options?: object,
): Promise<LoadedFiles> {
  const source = openFormat(format, { root: ROOT, fs: new MemoryFiles(files), options });
  const { tasks, diagnostics } = await source.load({});
  return {
    tasks,
    diagnostics,
    needs: Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn])),
    async mark(id) {
      const { tasks } = await source.load({ ids: [id] });
      const [task] = tasks;
      if (!task || !source.markDone) throw new Error(`${format} can't mark ${id}`);
      return source.markDone({ task, read: async (path) => files[path] });
    },
  };
}
