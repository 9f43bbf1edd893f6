import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { shellQuote } from '@pwt/core';
import type { Project } from '../project/project.js';
import type { Check } from './check.js';

/** Whether everything can be written that a run writes to: its own state, and git's refs and objects. */
export async function checkWritable({ repository: { commonDir }, stateDir }: Project): Promise<Check[]> {
  const folders = [
    commonDir,
    join(commonDir, 'refs'),
    join(commonDir, 'objects'),
    stateDir,
    join(stateDir, 'runs'),
  ];
  const found = await Promise.all(folders.map(checkFolder));
  return found.flat();
}

async function checkFolder(folder: string): Promise<Check[]> {
  try {
    await access(folder, constants.W_OK);
    return [];
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Made when it is needed.
    if (code === 'ENOENT') return [];
    return [
      {
        name: 'state',
        status: 'problem',
        message: `${folder} can't be written to (${code})`,
        fix: fixFor(code, folder),
      },
    ];
  }
}

function fixFor(code: string, folder: string): string {
  const quoted = shellQuote(folder);
  if (code === 'EROFS') return `mount -o remount,rw "$(findmnt -n -o TARGET -T ${quoted})"`;
  return code === 'EPERM' ? `chattr -i ${quoted}` : `chmod -R u+rwX ${quoted}`;
}
