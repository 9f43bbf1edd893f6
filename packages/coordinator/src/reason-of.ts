import { isPwtError } from '@pwt/core';

/** An error as a reason: its code, message and next step on one line. */
export function reasonOf(error: unknown): string {
  if (isPwtError(error))
    return `${error.code}: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
  if (!(error instanceof Error)) return String(error);
  return fileSystemReason(error) ?? error.message;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'you may not read or write it',
  EPERM: 'you may not read or write it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a file is where a folder has to be',
  ELOOP: 'symbolic links on the way form a cycle',
  EMFILE: 'too many files are open',
};

/** A failed file system call in words; `undefined` for any other error. */
function fileSystemReason(error: NodeJS.ErrnoException): string | undefined {
  const { code, path, syscall } = error;
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning === undefined || path === undefined) return undefined;
  return `${path}: ${meaning} (${code}, ${syscall ?? 'file system'}). Put that right; what may be wrong beside it is said by: pwt doctor`;
}
