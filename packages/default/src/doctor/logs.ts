import { hasCode } from '@pwt/core';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import { readLockHolder } from '../run/run-lock.js';
import type { DamagedRun } from '../run/run-store.js';
import type { MendableCheck } from './check.js';
import { agentsOf } from './unknown-runs.js';

/** Runs whose logs can't be read to their end; moving one aside keeps it. */
export async function checkLogs({ runs, project }: PwtCoordinator): Promise<MendableCheck[]> {
  const holder = await readLockHolder(project);
  const check = async ({ runId, damage }: DamagedRun): Promise<MendableCheck> => {
    const message = `the log of run ${runId} is damaged: ${damage.message}`;
    if (hasCode(damage, 'PWT_JOURNAL_NEWER'))
      return { name: 'log', status: 'warning', message: damage.message, fix: damage.hint ?? 'pwt --version' };
    if (holder?.alive && holder.runId === runId)
      return { name: 'log', status: 'warning', message: `${message} It is active.`, fix: 'pwt stop' };
    const agents = await agentsOf(project, runId);
    if (agents.length > 0)
      return {
        name: 'log',
        status: 'warning',
        message: `${message} Its agents still run.`,
        fix: `Wait until they have ended, or end them: kill ${agents.join(' ')}. Then: pwt doctor --fix`,
      };
    return {
      name: 'log',
      status: 'warning',
      message,
      fix: 'pwt doctor --fix',
      mend: async () => `kept the damaged log of run ${runId} as ${await runs.moveAside(runId)}`,
    };
  };
  return Promise.all((await runs.damaged()).map(check));
}
