import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type Diagnostic, shellQuote } from '@pwt/core';
import type { Environment } from '../../project/project.js';

/**
 * Said when agents, setup and gate would get a `TMPDIR` that is no use to them. pwt itself and its git put nothing
 * there.
 */
export async function temporaryFolderNote({ TMPDIR }: Environment): Promise<Diagnostic[]> {
  if (TMPDIR === undefined || TMPDIR === '' || (await isUsable(TMPDIR))) return [];
  return [
    {
      code: 'PWT_TMPDIR_UNUSABLE',
      severity: 'warning',
      message: `TMPDIR is ${TMPDIR}, which is not a folder that you may write in: agents, setup and gate may fail over it.`,
      hint: `mkdir -p ${shellQuote(TMPDIR)}, or: unset TMPDIR`,
    },
  ];
}

async function isUsable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
