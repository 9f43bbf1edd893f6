import { PwtError } from '@pwt/core';

/** The error for a command line that is not valid. */
export function usageError(message: string, hint = 'See: pwt --help'): PwtError {
  return new PwtError('PWT_USAGE', message, { hint });
}
