import { type Diagnostic, defined, type Finding } from '@pwt/core';
import { makePrivate } from '../../project/private-state.js';
import type { Project } from '../../project/project.js';
import { RECENT_RUNS, RunStore } from '../../project/run-store.js';
import { recordTrust } from './require-trust.js';

/** Puts the state in order, and looks for what earlier runs have left. */
export async function makeReady(project: Project): Promise<{
  readonly damaged: readonly Finding[];
  readonly unfinished: readonly Diagnostic[];
}> {
  await makePrivate(project.stateDir);
  await recordTrust(project);
  const runs = new RunStore(project);
  return { damaged: await damagedRuns(runs), unfinished: await unfinishedNote(runs) };
}

/** Warns of an earlier run that still has worktrees and branches: they are in the way of the same tasks. */
async function unfinishedNote(runs: RunStore): Promise<Diagnostic[]> {
  const latest = await runs.latest();
  if (latest === undefined || latest.status === 'finished') return [];
  return [
    {
      code: 'PWT_RUN_UNFINISHED',
      severity: 'warning',
      message: `Run ${latest.runId} has not finished; its worktrees, and agents that still work in them, stay.`,
      hint: `Go on with it instead: pwt resume ${latest.runId}`,
    },
  ];
}

/** Runs whose logs can't be read: what they have made, and agents that still work there, stay. */
async function damagedRuns(runs: RunStore): Promise<Finding[]> {
  return (await runs.damaged({ newest: RECENT_RUNS })).map(({ runId, damage: { message, hint } }) => ({
    kind: 'damaged',
    severity: 'warning',
    taskIds: [],
    message: `Run ${runId} is left alone: ${message}`,
    ...defined({ hint }),
  }));
}
