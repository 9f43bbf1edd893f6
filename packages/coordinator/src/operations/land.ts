import { type RunSummary, reduceRun, summarise } from '@pwt/core';
import { replayedTasks } from '../landing/rewritten.js';
import { lanesOf } from '../loop/lanes.js';
import { joinAgain } from '../loop/run-task.js';
import { closeRefs } from '../pipeline/clean-up.js';
import { chooseOf } from '../review/choose.js';
import { landChosen } from '../review/land-chosen.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface LandRunRequest {
  readonly runId: string;
  /**
   * Accept a rewritten target, and put on top of it the changes of each task that is integrated and not landed, tested
   * again. @default false: a rewritten target is refused
   */
  readonly ontoRewritten?: boolean;
  /**
   * Only the work of these, and of what they depend on; the rest is put on top of it and tested again. @default all that is
   * integrated
   */
  readonly taskIds?: readonly string[];
}

/** Lands what is integrated, or a part of it. The run is otherwise unchanged: no agent starts. */
export async function landRun(session: RunSession, request: LandRunRequest): Promise<RunSummary> {
  const { runId, ontoRewritten = false, taskIds } = request;
  const history = await readHistory(session.options, runId);
  const before = reduceRun(history);
  // Said before anything is recorded.
  if (taskIds !== undefined) chooseOf(before, taskIds);
  return session.record(runId, history, async (log) => {
    const { context, landing } = await session.reopen(log, {}, { ontoRewritten });
    const join = (ids: readonly string[]) => joinAgain(context, lanesOf(context, landing), ids);
    await join(replayedTasks(log.state));
    // What was chosen in a process that was killed.
    await join(await landChosen(context, landing));
    if (taskIds === undefined) await landing.now();
    else {
      await log.append({ type: 'landing-chosen', ...chooseOf(log.run, taskIds) });
      await join(await landChosen(context, landing));
    }
    await landing.settle();
    await landing.workspaces.removeAll();
    await context.lookout?.look({ all: true });
    const summary = summarise(log.state);
    const isOver = [...log.state.tasks.values()].every(({ outcome }) => outcome !== undefined);
    if (before.status === 'finished' && isOver) {
      await closeRefs(context);
      await log.append({ type: 'run-finished', ...summary });
    } else {
      await log.append({ type: 'run-interrupted', reason: 'only landed what was integrated' });
    }
    return summary;
  });
}
