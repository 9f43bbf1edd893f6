import { setTimeout as delay } from 'node:timers/promises';
import { defined, type ProcessIdentity } from '@pwt/core';
import { isAlive } from './identity.js';
import { findTree, identityOf, signalProcess, type TreeQuery } from './process-tree.js';

export interface StopTreeRequest {
  /** The first process of the tree. */
  readonly root?: ProcessIdentity;
  readonly mark?: string;
  /** See {@link TreeQuery.supervisor}. */
  readonly supervisor?: ProcessIdentity;
  /** How long the processes may take to end by themselves after SIGTERM. 0: SIGKILL follows at once. */
  readonly graceMs: number;
  /** How long to go on killing what still appears after the grace. @default 5000 */
  readonly killMs?: number;
}

/** What a stop did, process by process. */
export interface StopReport {
  /** Ended by themselves after SIGTERM. */
  readonly terminated: readonly ProcessIdentity[];
  /** Ended by SIGKILL. */
  readonly killed: readonly ProcessIdentity[];
  /** Still running: not ours to signal, or stuck in the kernel. */
  readonly survivors: readonly ProcessIdentity[];
}

const POLL_MS = 25;

/**
 * Stops a whole tree: SIGTERM (and SIGCONT) to every member, a grace, SIGKILL to what is left, and again until none is.
 *
 * Members are found *before* the first signal and remembered, because a dead parent no longer leads to its
 * children; see {@link TreeQuery} for what makes a member. Each is identified again right before each
 * signal, so that no other process with a recycled pid is ever hit. The calling process is never a member.
 *
 * The limit: a process that has cleared its environment *and* taken its own session *and* left its parents
 * before the first look is not found here, but by the folder that it is in; see `findStrays`.
 */
export async function stopTree(request: StopTreeRequest): Promise<StopReport> {
  const stop = new TreeStop(request);
  await stop.terminate(request.graceMs);
  await stop.kill(request.killMs ?? 5000);
  return stop.report();
}

class TreeStop {
  readonly #query: TreeQuery;
  /** Every member ever seen, by identity, with whether it was sent SIGKILL. */
  readonly #seen = new Map<string, { readonly identity: ProcessIdentity; killed: boolean }>();

  constructor({ root, mark, supervisor }: StopTreeRequest) {
    this.#query = {
      roots: root === undefined ? [] : [root],
      ...defined({ mark, supervisor }),
    };
  }

  async terminate(graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    const signalled = new Set<string>();
    for (;;) {
      const members = await this.#find();
      if (members.length === 0) return;
      for (const identity of members) {
        if (signalled.has(keyOf(identity))) continue;
        signalled.add(keyOf(identity));
        signalProcess(identity, 'SIGTERM');
        // A stopped process acts on nothing until it is continued; any other takes no notice.
        signalProcess(identity, 'SIGCONT');
      }
      await this.#waitUntilGone(members, deadline);
      if (performance.now() >= deadline) return;
    }
  }

  async kill(killMs: number): Promise<void> {
    const deadline = performance.now() + killMs;
    do {
      const members = await this.#find();
      if (members.length === 0) return;
      for (const identity of members) {
        const seen = this.#seen.get(keyOf(identity));
        if (signalProcess(identity, 'SIGKILL') && seen !== undefined) seen.killed = true;
      }
      await this.#waitUntilGone(members, Math.min(deadline, performance.now() + 20 * POLL_MS));
    } while (performance.now() < deadline);
  }

  report(): StopReport {
    const all = [...this.#seen.values()];
    const gone = all.filter(({ identity }) => !isAlive(identity));
    return {
      terminated: gone.filter(({ killed }) => !killed).map(({ identity }) => identity),
      killed: gone.filter(({ killed }) => killed).map(({ identity }) => identity),
      survivors: all.filter((one) => !gone.includes(one)).map(({ identity }) => identity),
    };
  }

  async #find(): Promise<ProcessIdentity[]> {
    const known = [...this.#seen.values()].map(({ identity }) => identity);
    const tree = { ...this.#query, roots: [...(this.#query.roots ?? []), ...known] };
    const members = (await findTree(tree)).map(identityOf);
    for (const identity of members) {
      const key = keyOf(identity);
      if (!this.#seen.has(key)) this.#seen.set(key, { identity, killed: false });
    }
    return members;
  }

  /** Looks only at these processes, which is cheap; the next look at the whole table finds new ones. */
  async #waitUntilGone(identities: readonly ProcessIdentity[], deadline: number): Promise<void> {
    let waitMs = 1;
    let left = identities.filter(isAlive);
    while (left.length > 0 && performance.now() < deadline) {
      await delay(Math.max(1, Math.min(waitMs, deadline - performance.now())));
      waitMs = Math.min(2 * waitMs, POLL_MS);
      left = left.filter(isAlive);
    }
  }
}

function keyOf({ pid, startTime, bootId }: ProcessIdentity): string {
  return `${pid} ${startTime} ${bootId}`;
}
