import type { CommitId, IntegrateOutcome, JoinedTask } from '@pwt/core';
import { joinWork } from '../pipeline/integrate.js';
import type { JointState } from '../queue/joint-state.js';
import type { RunContext } from '../run/run-context.js';
import { SerialQueue } from '../run/serial-queue.js';

/** The commits of a joint state, one for each member on top of the one before it. */
export type Chain =
  | { readonly status: 'joined'; readonly commits: readonly JoinedTask[]; readonly head: CommitId }
  /** The task can't be joined to the tip and the members before it. */
  | { readonly status: 'unmergeable'; readonly taskId: string }
  /** The merger has failed. */
  | { readonly status: 'failed'; readonly taskId: string; readonly error: unknown };

export type Alone =
  | { readonly status: 'joined' }
  | Exclude<IntegrateOutcome, { readonly status: 'merged' }>
  | Extract<Chain, { readonly status: 'failed' }>;

/**
 * Makes the commits of joint states. The same work on the same commit is merged once, so states that begin alike share
 * their first commits. Merges run one at a time: each takes milliseconds.
 */
export class Chains {
  readonly #context: RunContext;
  readonly #turns = new SerialQueue();
  /** By task, then by the commit that it is joined to. */
  readonly #made = new Map<string, Map<CommitId, Promise<IntegrateOutcome>>>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  async build({ tip, members }: JointState): Promise<Chain> {
    const commits: JoinedTask[] = [];
    let head = tip;
    for (const taskId of members) {
      try {
        const outcome = await this.join(taskId, head);
        if (outcome.status !== 'merged') return { status: 'unmergeable', taskId };
        head = outcome.commit;
      } catch (error) {
        return { status: 'failed', taskId, error };
      }
      commits.push({ taskId, commit: head });
    }
    return { status: 'joined', commits, head };
  }

  /** Joins one task to a commit. A merge that has failed is tried again when it is asked for again. */
  join(taskId: string, onto: CommitId): Promise<IntegrateOutcome> {
    const ofTask = this.#made.get(taskId) ?? new Map<CommitId, Promise<IntegrateOutcome>>();
    this.#made.set(taskId, ofTask);
    const made = ofTask.get(onto) ?? this.#turns.run(() => this.#join(taskId, onto));
    ofTask.set(onto, made);
    made.catch(() => ofTask.delete(onto));
    return made;
  }

  /** Whether the task can be joined to the commit, without others before it. */
  async joinAlone(taskId: string, onto: CommitId): Promise<Alone> {
    try {
      const outcome = await this.join(taskId, onto);
      return outcome.status === 'merged' ? { status: 'joined' } : outcome;
    } catch (error) {
      return { status: 'failed', taskId, error };
    }
  }

  /** What was joined of the task so far is in no further state: it is rejected, or has other work. */
  forget(taskId: string): void {
    this.#made.delete(taskId);
  }

  async #join(taskId: string, onto: CommitId): Promise<IntegrateOutcome> {
    const task = this.#context.log.task(taskId);
    if (task.phase === 'audited' || task.phase === 'integrated') return joinWork(this.#context, task, onto);
    throw new Error(`task ${taskId} is ${task.phase}, and can't be joined`);
  }
}
