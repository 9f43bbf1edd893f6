import type { CommandContext } from '../command-context.js';
import { driveRun } from '../drive-run.js';
import { exitCodes } from '../exit-code.js';
import { printJson } from '../io.js';
import { nothingToDo } from '../json/nothing-to-do.js';
import { withCoordinator } from '../open.js';
import { sinkFor } from '../view/run-sinks.js';
import { askedTasks } from './asked-tasks.js';
import { printPlan } from './plan.js';

/** `pwt run`: plans, runs, lands and reports. */
export async function run(context: CommandContext): Promise<number> {
  if (context.flags.dryRun === true) return dryRun(context);
  const { io, json } = context;
  const view = await sinkFor(io, json);
  return withCoordinator(
    context,
    (coordinator) =>
      driveRun(context, coordinator, view, async () => {
        const result = await coordinator.run({
          ...askedTasks(context),
          trustGitConfig: context.flags.trustGitConfig === true,
        });
        if (json && result.runId === undefined) printJson(io, nothingToDo(result));
        return result;
      }),
    [view],
  );
}

async function dryRun(context: CommandContext): Promise<number> {
  return withCoordinator(context, async (coordinator) => {
    await printPlan(context, coordinator, await coordinator.plan(askedTasks(context)));
    return exitCodes.ok;
  });
}
