import type { CommandContext } from '../command-context.js';
import { prepareDemo } from '../demo/prepare-demo.js';
import { demoReport } from '../demo/report.js';
import { type DemoRun, runDemo } from '../demo/run-demo.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

const DEFAULT_INSTANCES = 3;

/** `pwt demo`: the whole job on a throw-away repository, at the same time and then one by one. */
export async function demo(context: CommandContext): Promise<number> {
  const { io, json, args, cwd, flags } = context;
  const maxInstances = instancesOf(flags.maxInstances);
  const say = (line: string): void => {
    if (!json) printLine(io, line);
  };
  const { parallel, sequential, directory } = await prepareDemo({ env: io.env, cwd, directory: args[0] });
  say(`A small program with eight specs, made for this demo: ${parallel}`);
  say(`\nAll of them, up to ${maxInstances} at the same time:`);
  const first = await runDemo(context, { root: parallel, maxInstances });
  const compare = flags.compare !== false && !first.result.interrupted;
  if (compare) say('\nThe same one by one, on a copy, to compare:');
  const second = compare ? await runDemo(context, { root: sequential, maxInstances: 1 }) : undefined;
  const asPlanned = wentAsPlanned(first);
  if (json) {
    const times = { durationMs: first.durationMs, oneByOneMs: second?.durationMs ?? null };
    printJson(io, { schemaVersion: SCHEMA_VERSION, directory, asPlanned, ...times, result: first.result });
  } else {
    const painted = colours(io.env, io.stdout.isTTY === true);
    const columns = io.stdout.columns ?? 100;
    for (const line of demoReport({ first, second, root: parallel, asPlanned, columns, colours: painted })) {
      printLine(io, line);
    }
  }
  if (first.result.interrupted) return exitCodes.interrupted;
  return asPlanned ? exitCodes.ok : exitCodes.tasksFailed;
}

/** Seven tasks land, and the one whose agent gives up fails. */
function wentAsPlanned({ result }: DemoRun): boolean {
  return result.tasks.every(({ taskId, status }) => status === (taskId === '8' ? 'failed' : 'landed'));
}

function instancesOf(value: unknown): number {
  if (value === undefined) return DEFAULT_INSTANCES;
  const amount = Number(value);
  if (Number.isInteger(amount) && amount > 0) return amount;
  throw usageError(`--max-instances needs a number, not ${JSON.stringify(value)}.`);
}
