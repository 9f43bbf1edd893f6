import type { PwtCoordinator, RunResult } from '@pwt/default';
import type { CommandContext } from './command-context.js';
import { exitCodeOfResult } from './exit-code.js';
import { colours } from './format/colours.js';
import { printLine } from './io.js';
import { resultLines } from './view/result-text.js';
import type { RunView } from './view/run-sinks.js';

/**
 * Has a run go to its end with Ctrl-C under control: once lets running agents finish, twice ends them.
 * SIGTERM (a shutdown, `pwt stop --now`) ends them at once. Whatever happens, `pwt resume` goes on.
 *
 * @returns the exit code
 */
export async function driveRun(
  context: CommandContext,
  coordinator: PwtCoordinator,
  view: RunView,
  body: () => Promise<RunResult>,
): Promise<number> {
  const { io, json } = context;
  let interrupts = 0;
  const stopListening = io.onSignal((signal) => {
    interrupts += 1;
    const mode = signal === 'SIGTERM' || interrupts > 1 ? 'now' : 'drain';
    view.stopping(mode);
    void coordinator.stop(mode);
  });
  try {
    const result = await body();
    if (!json)
      for (const line of resultLines(result, colours(io.env, io.stdout.isTTY === true), {
        columns: io.stdout.columns,
      }))
        printLine(io, line);
    return exitCodeOfResult(result);
  } finally {
    stopListening();
  }
}
