import { join } from 'node:path';
import { findUnknownAttempts } from '@pwt/coordinator/journal';
import { hasCode } from '@pwt/core';
import { runsDir } from '../project/project.js';
import { readLockHolder } from '../project/run-lock.js';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import type { Check, MendableCheck } from './check.js';
import { agentsOf } from './unknown-runs.js';

/** A run that can't go on because of its log. */
interface UselessLog {
  readonly runId: string;
  readonly message: string;
}

/** Runs whose logs can't be read to their end, or are older than what has happened; moving one aside keeps it. */
export async function checkLogs(coordinator: PwtCoordinator): Promise<MendableCheck[]> {
  const damaged = await coordinator.runs.damaged();
  const newer = damaged.filter(({ damage }) => hasCode(damage, 'PWT_JOURNAL_NEWER'));
  const useless = [
    ...damaged
      .filter((run) => !newer.includes(run))
      .map(({ runId, damage }) => ({
        runId,
        message: `the log of run ${runId} is damaged: ${damage.message}`,
      })),
    ...(await logsBehind(coordinator)),
  ];
  return [
    ...newer.map(
      ({ damage: { message, hint } }): Check => ({
        name: 'log',
        status: 'warning',
        message,
        fix: hint ?? 'pwt --version',
      }),
    ),
    ...(await Promise.all(useless.map((log) => checkUseless(coordinator, log)))),
  ];
}

/** The run that is active is not asked: it makes attempts while they are looked for. */
async function logsBehind({ runs, project }: PwtCoordinator): Promise<UselessLog[]> {
  const holder = await readLockHolder(project);
  const found = await Promise.all(
    (await runs.states()).map(async (state) => {
      if (holder?.alive && holder.runId === state.runId) return [];
      const attempts = await findUnknownAttempts(join(runsDir(project), state.runId), state);
      return attempts.length === 0 ? [] : [state.runId];
    }),
  );
  return found.flat().map((runId) => ({
    runId,
    message: `the log of run ${runId} is older than what has happened: an old copy was put back`,
  }));
}

async function checkUseless(
  { runs, project }: PwtCoordinator,
  { runId, message }: UselessLog,
): Promise<MendableCheck> {
  const check = { name: 'log', status: 'warning', message } as const;
  const holder = await readLockHolder(project);
  if (holder?.alive && holder.runId === runId)
    return { ...check, message: `${message} It is active.`, fix: 'pwt stop' };
  const agents = await agentsOf(project, runId);
  if (agents.length > 0)
    return {
      ...check,
      message: `${message} Its agents still run.`,
      fix: `Wait until they have ended, or end them: kill ${agents.join(' ')}. Then: pwt doctor --fix`,
    };
  return {
    ...check,
    fix: 'pwt doctor --fix',
    mend: async () => `kept the log of run ${runId} as ${await runs.moveAside(runId)}`,
  };
}
