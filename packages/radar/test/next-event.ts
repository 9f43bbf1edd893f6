import { rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Resolves when the system has told of what has happened in a folder so far: it tells in the order in which things happen. */
export async function nextEvent(folder: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const probe = join(folder, '.git-probe');
    const watching = watch(folder, (_type, name) => {
      if (name !== '.git-probe') return;
      watching.close();
      resolve();
    });
    writeFileSync(probe, '');
    rmSync(probe);
  });
}
