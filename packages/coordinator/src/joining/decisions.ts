import type { CommitId } from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import { advance } from '../pipeline/advance.js';
import { flake } from '../pipeline/warnings.js';
import type { Decision } from '../queue/joint-state.js';
import type { LandingQueue } from '../queue/landing-queue.js';
import type { RunContext } from '../run/run-context.js';
import { SerialQueue } from '../run/serial-queue.js';
import { warn } from '../run/warn.js';
import type { Chains } from './chains.js';
import type { Probes } from './probes.js';
import { reject } from './reject.js';
import type { WaitingTasks } from './waiting-tasks.js';

type DecisionOf<K extends Decision['kind']> = Extract<Decision, { readonly kind: K }>;

export interface DecisionsOptions {
  readonly landing: Landing;
  readonly queue: LandingQueue;
  readonly probes: Probes;
  readonly chains: Chains;
  readonly waiting: WaitingTasks;
  /** Something has changed: there may be other states to test. */
  readonly onChange: () => void;
  /** The tip was moved by something else. */
  readonly onTipMoved: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Carries out what the queue decides, in its order. What moves the integration ref runs in the landing's queue; if something
 * else has moved the ref, the queue starts again from there.
 */
export class Decisions {
  readonly #context: RunContext;
  readonly #options: DecisionsOptions;
  readonly #turns = new SerialQueue();
  /** The integration tip that the queue knows of. */
  #tip: CommitId;

  constructor(context: RunContext, options: DecisionsOptions) {
    this.#context = context;
    this.#options = options;
    this.#tip = context.log.run.integration;
    options.landing.onTurn(() => this.followTip());
  }

  get tip(): CommitId {
    return this.#tip;
  }

  get isIdle(): boolean {
    return this.#turns.isIdle;
  }

  idle(): Promise<void> {
    return this.#turns.idle();
  }

  take(decisions: readonly Decision[]): void {
    const { waiting, onChange, onError } = this.#options;
    for (const decision of decisions) {
      if (decision.kind === 'integrate') for (const taskId of decision.taskIds) waiting.decide(taskId);
      if (decision.kind === 'reject') waiting.decide(decision.taskId);
      this.#turns.run(() => this.#carryOut(decision)).catch(onError);
    }
    onChange();
  }

  /** The task is decided, or something went wrong with it that is no verdict: then with the cause. */
  leave(taskId: string, error?: { readonly cause: unknown }): void {
    const { queue, waiting } = this.#options;
    waiting.settle(taskId, error);
    this.take(queue.withdraw(taskId));
  }

  /** Runs a job that may move the integration ref; resolves when it is done, before the landing that follows. */
  turn(job: () => Promise<void>): Promise<void> {
    return new Promise((resolve, fail) => {
      const inTurn = async () => {
        this.followTip();
        await job();
      };
      this.#options.landing.turn(() => inTurn().then(resolve, fail)).catch(fail);
    });
  }

  /** If the tip was moved by something else, all tasks are joined to the new one. */
  followTip(): void {
    const { integration: tip } = this.#context.log.run;
    if (tip !== this.#tip) this.#startAgain(tip);
  }

  #startAgain(tip: CommitId): void {
    const { queue, probes, onTipMoved } = this.#options;
    this.#tip = tip;
    onTipMoved();
    probes.forget();
    const { running } = probes;
    for (const probe of running) probes.stop(probe);
    this.take(queue.tipMoved(tip));
    for (const probe of running) this.take(queue.givenUp(probe));
  }

  async #carryOut(decision: Decision): Promise<void> {
    switch (decision.kind) {
      case 'integrate':
        return this.turn(() => this.#integrate(decision));
      case 'reject':
        return this.#reject(decision);
      case 'flake': {
        const { probe } = decision;
        return warn(this.#context, flake(probe, this.#options.probes.answerOf(probe)?.commit));
      }
      default:
      // That the base is red was said when its verdict came.
    }
  }

  async #reject(decision: DecisionOf<'reject'>): Promise<void> {
    const { probes, chains } = this.#options;
    const { probe, taskId } = decision;
    const answer = probes.answerOf(probe);
    if (answer === undefined) throw new Error(`probe ${probe.id} has no verdict to blame ${taskId} for`);
    await reject(this.#context, decision, answer);
    chains.forget(taskId);
    this.leave(taskId);
  }

  /** Moves the integration ref to the tested commit, unless it has been moved since by something else. */
  async #integrate({ probe, taskIds }: DecisionOf<'integrate'>): Promise<void> {
    const { queue, probes, waiting } = this.#options;
    const { log } = this.#context;
    const tested = probes.testedOf(probe);
    const tasks = tested?.commits.slice(-taskIds.length) ?? [];
    const from = tested?.commits.at(-taskIds.length - 1)?.commit ?? probe.tip;
    if (tested === undefined || from !== log.run.integration) {
      // Decided before the tip was moved by something else: they are tested again.
      for (const taskId of taskIds) waiting.undecide(taskId);
      return;
    }
    await advance(this.#context, tasks);
    if (log.run.integration === tested.head) {
      this.#tip = tested.head;
      this.take(queue.integrated(probe, tested.head));
    } else this.#startAgain(this.#tip);
    for (const taskId of taskIds) if (log.task(taskId).outcome !== undefined) this.leave(taskId);
  }
}
