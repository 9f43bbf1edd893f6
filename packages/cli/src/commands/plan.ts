import { analysePlan, type Plan, type PwtCoordinator } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { planJson } from '../json/plan-json.js';
import { withCoordinator } from '../open.js';
import { planLines } from '../view/plan-text.js';

/** `pwt plan`: shows what would run. Changes nothing. */
export async function plan(context: CommandContext): Promise<number> {
  return withCoordinator(context, async (coordinator) => {
    await printPlan(context, coordinator, await coordinator.plan({ taskIds: context.args }));
    return exitCodes.ok;
  });
}

/** Prints a plan for people or programs. */
export async function printPlan(
  context: CommandContext,
  coordinator: PwtCoordinator,
  made: Plan,
): Promise<void> {
  const { io, json, flags } = context;
  const analysis = await analysePlan(made, { pairs: flags.pairs === true });
  if (json) return printJson(io, planJson(made, analysis));
  const lines = planLines(made, analysis, {
    colours: colours(io.env, io.stdout.isTTY === true),
    columns: io.stdout.columns ?? 120,
    target: made.target,
    maxInstances: coordinator.config.options.maxInstances,
  });
  for (const line of lines) printLine(io, line);
}
