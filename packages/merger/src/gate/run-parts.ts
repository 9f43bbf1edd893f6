import type { CommandOutcome } from './run-gate-command.js';
import type { PartOutcome } from './verdict-of.js';

/** Whether the commands of a gate run one after another, or side by side. */
export type GateMode = 'sequential' | 'parallel';

/** One of the commands of a gate, ready to run. */
export interface GateCommand {
  readonly name: string;
  readonly logFile: string;
  run(): Promise<CommandOutcome>;
}

/**
 * Runs the commands of a gate. One after another, they end with the first that is not green, and the others are `skipped`; with
 * `complete`, all of them are run.
 */
export async function runParts(
  commands: readonly GateCommand[],
  mode: GateMode | undefined,
  complete = false,
): Promise<readonly PartOutcome[]> {
  if (mode === 'parallel') return allEnded(commands.map(runPart));
  const outcomes: PartOutcome[] = [];
  for (const command of commands) {
    const isOver = !complete && outcomes.some(({ outcome }) => outcome.status !== 'green');
    outcomes.push(isOver ? skipped(command) : await runPart(command));
  }
  return outcomes;
}

async function runPart(command: GateCommand): Promise<PartOutcome> {
  return { name: command.name, outcome: await command.run() };
}

function skipped({ name, logFile }: GateCommand): PartOutcome {
  return { name, outcome: { status: 'skipped', durationMs: 0, logFile } };
}

/** When this returns or throws, none of them is running any more. */
async function allEnded(running: readonly Promise<PartOutcome>[]): Promise<readonly PartOutcome[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}
