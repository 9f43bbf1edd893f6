import { once } from 'node:events';
import { unguarded } from './format/guarded.js';
import { printable } from './format/printable.js';
import type { Io } from './io.js';

/** True if there is a person to ask: both ends of the dialogue are a terminal. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Asks on the terminal. Ctrl-C and Ctrl-D close it and leave the question unanswered: that is a no.
 *
 * @param usual what Enter alone stands for
 */
export async function ask(io: Io, question: string, usual: 'yes' | 'no' = 'no'): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: io.stdin, output: unguarded(io.stderr) });
  try {
    terminal.once('SIGINT', () => terminal.close());
    const closed = once(terminal, 'close').then(() => 'no');
    const choice = usual === 'yes' ? '[Y/n]' : '[y/N]';
    const answer = await Promise.race([terminal.question(`${printable(question)} ${choice} `), closed]);
    return /^y(es)?$/i.test(answer.trim() || usual);
  } finally {
    terminal.close();
  }
}
