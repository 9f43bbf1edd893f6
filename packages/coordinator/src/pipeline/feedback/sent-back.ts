import { quote } from './quote.js';

/** For an agent whose work is tested, and not what a person wants. */
export function sentBack(why: string): string {
  return [
    'Your work came through its tests. A person has looked at it, does not take it as it is, and says what to change:',
    quote(why),
    'Change your work accordingly. Leave the rest of it as it is.',
  ].join('\n\n');
}
