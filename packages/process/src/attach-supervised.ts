import { mkdir } from 'node:fs/promises';
import { privateModes } from '@pwt/core';
import { StateDirectory } from './state-directory.js';
import { type Supervised, SupervisedCommand } from './supervised.js';
import { AdoptedExit } from './watch-adopted.js';

/** The run never started, and never will: its lease is now held by recovery. */
export interface NeverStarted {
  readonly status: 'never-started';
}

/**
 * Finds a supervised command again after a crash of the process that started it.
 *
 * Whatever happened in between has one answer:
 *
 * * it still runs → adopted: `exited` is pending, `stop` works;
 * * it has ended meanwhile → `exited` resolves with its exit status;
 * * its supervisor was killed or the machine was restarted → `exited` resolves with `lost`; `members` finds
 *   and `stop` ends what the supervisor left running;
 * * it never started → the lease is taken, so that a supervisor that is only just coming up starts nothing.
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
