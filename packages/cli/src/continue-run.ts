import { hasCode, type RunState, reduceRun } from '@pwt/core';
import { isHeldForResume, type ResumeRequest } from '@pwt/default';
import { ask, canAsk } from './ask.js';
import type { CommandContext } from './command-context.js';
import { driveRun } from './drive-run.js';
import { exitCodes } from './exit-code.js';
import { printJson, printLine } from './io.js';
import { nothingToDo } from './json/nothing-to-do.js';
import { withCoordinator } from './open.js';
import { sinkFor } from './view/run-sinks.js';

/** Goes on with a run, whatever there is left to do in it. */
export async function continueRun(context: CommandContext, request: ResumeRequest): Promise<number> {
  const { io, json } = context;
  try {
    const { runId, history, retry } = await withCoordinator(context, (coordinator) =>
      coordinator.findRun(request),
    );
    const state = reduceRun(history);
    if (!(await mayStartOver(context, state, startingOver(state, request, retry))))
      return exitCodes.tasksFailed;
    const view = await sinkFor(io, json, history);
    return await withCoordinator(
      context,
      (coordinator) => driveRun(context, coordinator, view, () => coordinator.resume({ ...request, runId })),
      [view],
    );
  } catch (error) {
    if (!hasCode(error, 'PWT_NO_RUN') || request.retry !== undefined) throw error;
    if (json) printJson(io, nothingToDo({ success: true, notRun: [] }));
    else printLine(io, 'Nothing to resume.');
    return exitCodes.ok;
  }
}

/** The tasks of which an agent may be started; work that a gate could not test is tested again, unless that is not wanted. */
function startingOver(
  { tasks }: RunState,
  { fresh, regate, message }: ResumeRequest,
  retry: readonly string[],
): readonly string[] {
  if (regate) return [];
  return fresh || message !== undefined
    ? retry
    : retry.filter((id) => tasks.get(id)?.failure?.kind !== 'gate-broken');
}

/**
 * Starting a held task over pays for work that is there already: that is said, and a person is asked. A script, which
 * can't be asked, gets what it wants.
 */
async function mayStartOver(
  { io, flags }: CommandContext,
  { tasks }: RunState,
  retry: readonly string[],
): Promise<boolean> {
  const finished = retry.filter((id) => {
    const task = tasks.get(id);
    return task !== undefined && isHeldForResume(task);
  });
  if (finished.length === 0) return true;
  const ids = finished.join(', ');
  io.stderr.write(
    `The agents' work on ${ids} is finished and only held. To finish it without another agent: pwt resume\n`,
  );
  return flags.yes === true || !canAsk(io) || ask(io, `Start another agent for ${ids} all the same?`);
}
