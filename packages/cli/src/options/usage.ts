import { PwtError } from '@pwt/core';

/** A command line that makes no sense. */
export function usageError(message: string, hint = 'See: pwt --help'): PwtError {
  return new PwtError('PWT_USAGE', message, { hint });
}
