import type { AttemptEnding } from '@pwt/core';
import { quote } from './quote.js';

/** For an agent whose work could not be taken over as it was. */
export function notTaken({ reason }: AttemptEnding): string {
  return [
    'Your last turn ended, but your work could not be taken over as it is. Put this right:',
    quote(reason),
  ].join('\n\n');
}
