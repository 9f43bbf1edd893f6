import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Resolves when something is in a file, such as the one with which a scripted agent says where it is. Its folder must be there. */
export function signalled(path: string): Promise<void> {
  return new Promise((resolve) => {
    let watcher: FSWatcher | undefined;
    const look = () => {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
      watcher?.close();
      resolve();
    };
    watcher = watch(dirname(path), (_, name) => {
      if (name === basename(path)) look();
    });
    look();
  });
}
