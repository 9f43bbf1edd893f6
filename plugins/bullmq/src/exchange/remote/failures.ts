import { PwtError } from '@pwt/core';
import { gitsWords } from '@pwt/git';
import { withoutPassword } from './address.js';

/** The remote could not be asked. */
export function unreachable(address: string, stderr: string): PwtError {
  const where = withoutPassword(address);
  return new PwtError(
    'PWT_EXCHANGE_UNREACHABLE',
    `${where}, by which code travels, can't be reached: ${withoutPassword(gitsWords(stderr))}`,
    {
      hint: 'See whether git gets there without a question: the address, the login of this user, and the network.',
      data: { address: where },
    },
  );
}

/** The remote was asked and said no. */
export function refused(address: string, ref: string, words: string): PwtError {
  const where = withoutPassword(address);
  return new PwtError('PWT_EXCHANGE_REFUSED', `${where} does not take ${ref}: ${withoutPassword(words)}`, {
    hint: 'Whoever keeps that repository has to allow pushes below refs/pwt/, to create and to delete.',
    data: { address: where, ref },
  });
}

export function missing(address: string, ref: string, commit: string): PwtError {
  const where = withoutPassword(address);
  return new PwtError('PWT_EXCHANGE_MISSING', `${where} does not have ${commit} at ${ref}.`, {
    hint: 'The coordinator offers it again. If it was a result: somebody has deleted the ref there.',
    data: { address: where, ref, commit },
  });
}

export function unsound(address: string, ref: string, what: string): PwtError {
  const where = withoutPassword(address);
  return new PwtError('PWT_EXCHANGE_UNSOUND', `What ${where} has at ${ref} is not taken: ${what}`, {
    hint: 'Who else may push there? Nothing of it was kept.',
    data: { address: where, ref },
  });
}
