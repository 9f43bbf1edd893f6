import { type Diagnostic, defined, isPwtError, placeText, type WorkspaceProvider } from '@pwt/core';
import { areLeftOut } from '../operations/plan/no-tasks.js';
import { readLockHolder } from '../project/run-lock.js';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import { type Check, failed, ok } from './check.js';

const MOST_LISTED = 10;

/** What earlier runs have left behind: a stale lock, an unfinished run, worktrees and branches. */
export async function checkLeftovers(
  coordinator: PwtCoordinator,
  provider: WorkspaceProvider,
): Promise<Check[]> {
  const checks: Check[] = [];
  const holder = await readLockHolder(coordinator.project);
  const unfinished = await coordinator.runs.latest((run) => run.status !== 'finished');
  if (holder && !holder.alive) {
    const message = `the lock of run ${holder.runId} is stale: its process ${holder.pid} is gone`;
    checks.push({ name: 'lock', status: 'warning', message, fix: unfinished ? 'pwt resume' : 'pwt clean' });
  }
  if (unfinished && !(holder?.alive && holder.runId === unfinished.runId)) {
    const message = `run ${unfinished.runId} has not finished`;
    checks.push({ name: 'run', status: 'warning', message, fix: `pwt resume ${unfinished.runId}` });
  }
  const left = (await provider.list()).filter(({ runId }) => !(holder?.alive && holder.runId === runId));
  if (left.length > 0) {
    const message = `worktrees of earlier runs: ${some(left.map(placeText))}`;
    checks.push({ name: 'leftovers', status: 'note', message, fix: 'pwt clean' });
  }
  return checks.length === 0 ? [ok('leftovers', 'nothing is left of earlier runs')] : checks;
}

/** Whether the specs can be planned, and which of them say nothing about their files. */
export async function checkSpecs(coordinator: PwtCoordinator): Promise<Check[]> {
  try {
    const { tasks, claims, diagnostics } = await coordinator.plan();
    const without = claims.filter(({ unknownScope }) => unknownScope).map(({ taskId }) => taskId);
    const broken = diagnostics.filter(({ severity }) => severity === 'error');
    const first = tasks.find(({ id }) => id === without[0])?.specs[0]?.path;
    return [
      tasks.length === 0 ? noTasksCheck(diagnostics) : ok('specs', `${tasks.length} found`),
      ...broken.map(
        ({ message, hint }): Check => ({
          name: 'specs',
          status: 'problem',
          message,
          ...defined({ fix: hint }),
        }),
      ),
      ...(without.length === 0
        ? []
        : [
            {
              name: 'scope',
              status: 'warning',
              message: `these tasks name no files and run alone: ${some(without)}`,
              fix: `Add to ${first ?? 'each'}: **File**: \`path/of/the/file\``,
            } satisfies Check,
          ]),
    ];
  } catch (error) {
    // Without a commit or a branch there is nothing to plan on; that is said already.
    if (isPwtError(error) && (error.code === 'PWT_NO_COMMITS' || error.code === 'PWT_DETACHED_HEAD'))
      return [];
    return [failed('specs', error)];
  }
}

function noTasksCheck(diagnostics: readonly Diagnostic[]): Check {
  if (areLeftOut(diagnostics)) {
    const why = diagnostics.filter(({ code }) => code === 'PWT_TASK_DEFERRED').map(({ message }) => message);
    return ok('specs', why.length > 0 ? `no task is ready. ${why.join(' ')}` : 'all tasks are finished');
  }
  const hint = diagnostics.find(({ code }) => code === 'PWT_NO_TASKS')?.hint;
  const fix = hint ?? 'Write specs/SPEC-1-<words>.md, or set `specs` in the configuration';
  return { name: 'specs', status: 'note', message: 'no specs were found', fix };
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, MOST_LISTED).join(', ');
  return items.length > MOST_LISTED ? `${shown} and ${items.length - MOST_LISTED} more` : shown;
}
