import { PwtError } from '@pwt/core';

const REFUSALS: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR']);

/**
 * Turns a refusal of the file system in the user's state folder into an error that says how to name another folder; any
 * other error stays as it is.
 */
export function homeUnwritable(error: unknown, trustDir: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (!REFUSALS.has(code) || path === undefined || !isOnTheWay(path, trustDir)) return error;
  return new PwtError(
    'PWT_HOME_UNWRITABLE',
    `pwt keeps what you trust in ${trustDir}, and may not write there (${code}: ${path}).`,
    {
      hint: 'Name a folder of your own that agents do not write in, and run it again: export XDG_STATE_HOME=/path/of/that/folder',
      data: { trustDir, code, path },
      cause: error,
    },
  );
}

/** True for a path inside the folder, and for one above it that had to be made first. */
function isOnTheWay(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`);
}
