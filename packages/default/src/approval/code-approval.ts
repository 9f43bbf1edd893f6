import { PwtError } from '@pwt/core';
import type { ApproveCode } from '../config/approve-code.js';
import type { ApprovalStore, ConfirmCommands } from './approvals.js';
import { readCode } from './repository-code.js';

export interface CodeApprovalOptions {
  readonly root: string;
  readonly store: ApprovalStore;
  /** Asks a person; without it, only what has been approved before may run. */
  readonly confirm?: ConfirmCommands | undefined;
  /** Leave out what has not been approved, and say so here, instead of asking and refusing. */
  readonly skip?: ((message: string) => void) | undefined;
}

/** The judge of a repository's code. Each answer is given once: what was loaded is not asked about again. */
export function codeApproval({ root, store, confirm, skip }: CodeApprovalOptions): ApproveCode {
  const answers = new Map<string, Promise<boolean>>();
  const decide = async (kind: 'config' | 'plugin', file: string): Promise<boolean> => {
    const code = await readCode(kind, file, root);
    const command = { kind, text: code.text };
    if ((await store.unapproved([command])).length === 0) return true;
    const what = kind === 'config' ? 'The configuration' : 'A plugin';
    if (skip !== undefined) {
      skip(
        `${what} of this repository is code that you have not approved; it is left out: ${code.text}. ${APPROVE}`,
      );
      return false;
    }
    if (confirm && (await confirm([command]))) {
      await store.approve([command]);
      return true;
    }
    throw new PwtError(
      'PWT_CODE_NOT_APPROVED',
      `${what} of this repository is code that you have not approved: ${code.text}`,
      { place: { path: file }, hint: APPROVE, data: { kind, text: code.text } },
    );
  };
  return (kind, file) => {
    const known = answers.get(`${kind}\0${file}`) ?? decide(kind, file);
    answers.set(`${kind}\0${file}`, known);
    return known;
  };
}

const APPROVE = 'Read it. If you agree: pwt plan --yes';
