import { mkdir } from 'node:fs/promises';
import { privateModes } from '@pwt/core';
import { StateDirectory } from './state-directory.js';
import { type Supervised, SupervisedCommand } from './supervised.js';
import { AdoptedExit } from './watch-adopted.js';

/** The command was never started, and never will be: recovery now holds its lease. */
export interface NeverStarted {
  readonly status: 'never-started';
}

/**
 * Finds a supervised command again after a crash of the process that started it.
 *
 * What happened in between decides the answer:
 *
 * * it still runs → adopted: `exited` is pending, `stop` works;
 * * it has ended meanwhile → `exited` resolves with its exit status;
 * * its supervisor was killed or the machine was restarted → `exited` resolves with `lost`; `members` finds
 *   and `stop` ends what the supervisor left running;
 * * it never started → recovery takes the lease, so that a supervisor that is just starting up starts nothing.
 *
 * @throws PwtError `PWT_LEASE_UNREADABLE`
 */
export async function attachSupervised({ dir }: { dir: string }): Promise<Supervised | NeverStarted> {
  await mkdir(dir, { recursive: true, mode: privateModes.folder });
  const directory = new StateDirectory(dir);
  let lease = await directory.lease();
  if (lease === undefined && !(await directory.fence())) lease = await directory.lease();
  if (lease === undefined || lease.role === 'fence') return { status: 'never-started' };
  return new SupervisedCommand({ directory, lease, watch: new AdoptedExit(directory, lease) });
}
