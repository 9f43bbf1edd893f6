import { hasCode, isReviewed, type RunState } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { paintDiff } from '../format/paint-diff.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { requireRun } from '../require-run.js';

/** `pwt diff`: what tasks have changed so far. */
export async function diff(context: CommandContext): Promise<number> {
  const { io, json, flags } = context;
  return withCoordinator(context, async (coordinator) => {
    const { state, taskIds: named } = await requireRun(context, coordinator);
    const taskIds = context.args.length === 0 ? toReview(state, named) : named;
    const painted = colours(io.env, io.stdout.isTTY === true);
    const stat = flags.stat === true;
    const diffs: { taskId: string; changes: readonly unknown[]; diff: string }[] = [];
    for (const id of taskIds) {
      const task = state.tasks.get(id);
      if (task === undefined) continue;
      const text = await coordinator.taskDiff({ state, taskId: id, stat }).catch((error: unknown) => {
        // A task that can't be read does not stop the others.
        if (!hasCode(error, 'PWT_WORKTREE_BROKEN') && !hasCode(error, 'PWT_MACHINE_SILENT')) throw error;
        io.stderr.write(`${id}: ${error.message} ${error.hint ?? ''}\n`);
        return undefined;
      });
      if (text === undefined || text === '') continue;
      diffs.push({ taskId: id, changes: task.changes ?? [], diff: text });
    }
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, runId: state.runId, diffs });
    else if (diffs.length === 0) printLine(io, 'Nothing has been changed.');
    else
      for (const entry of diffs) {
        printLine(io, painted.bold(entry.taskId));
        printLine(io, stat ? entry.diff.trimEnd() : paintDiff(entry.diff.trimEnd(), painted));
      }
    return exitCodes.ok;
  });
}

/** Where a person decides on the work, what is ready is what there is to look at. */
function toReview({ tasks, options }: RunState, all: readonly string[]): readonly string[] {
  const ready = all.filter((id) => tasks.get(id)?.outcome === 'integrated');
  return isReviewed(options) && ready.length > 0 ? ready : all;
}
