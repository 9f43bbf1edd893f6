import { constants } from 'node:os';

/** How a supervised command ended. */
export type ProcessExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /**
   * A signal ended it. The status is the shell's: a program that itself exits with 128 + a signal's number
   * looks the same, so `exitCode` keeps that number.
   */
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals; readonly exitCode: number }
  /** The supervisor was killed, or the machine went down: how the command ended cannot be known. */
  | { readonly kind: 'lost' }
  /** The program was found but the system refused to run it (wrong interpreter, wrong architecture). */
  | { readonly kind: 'spawn-failed'; readonly message: string };

/** Signals that never end a process by themselves: 128 and their number is a program's own exit code. */
const HARMLESS = new Set([
  'SIGCHLD',
  'SIGCONT',
  'SIGURG',
  'SIGWINCH',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
]);

const SIGNALS = new Map(
  Object.entries(constants.signals)
    .filter(([name]) => !HARMLESS.has(name))
    .map(([name, number]) => [number, name]),
);

/** Reads the supervisor's exit record: `exited 0`, `unstarted 126`, padded. `undefined` if it is not one. */
export function parseExitRecord(text: string): ProcessExit | undefined {
  const [, kind, digits] = /^(exited|unstarted) +(\d+)\n$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const exitCode = Number(digits);
  if (kind === 'unstarted') {
    return {
      kind: 'spawn-failed',
      message: `The program could not be executed (shell status ${exitCode}); its stderr says why.`,
    };
  }
  const signal = exitCode > 128 ? SIGNALS.get(exitCode - 128) : undefined;
  return signal === undefined
    ? { kind: 'exited', exitCode }
    : { kind: 'signalled', signal: signal as NodeJS.Signals, exitCode };
}
