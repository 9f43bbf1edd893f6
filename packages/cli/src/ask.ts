import { once } from 'node:events';
import { unguarded } from './format/guarded.js';
import { printable } from './format/printable.js';
import type { Io } from './io.js';

/** True if there is a person to ask: both ends of the dialogue are a terminal. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on the terminal. Ctrl-C and Ctrl-D close it and leave the question unanswered: that is a no. */
export async function ask(io: Io, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: io.stdin, output: unguarded(io.stderr) });
  try {
    terminal.once('SIGINT', () => terminal.close());
    const closed = once(terminal, 'close').then(() => '');
    const answer = await Promise.race([terminal.question(`${printable(question)} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
