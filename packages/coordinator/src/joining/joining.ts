import { type CommitId, defined, type Gate, type Verdict } from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import { advance } from '../pipeline/advance.js';
import { rejectUnjoined } from '../pipeline/integrate.js';
import { treeOf } from '../pipeline/known-verdicts.js';
import type { QueuePrior } from '../queue/estimate.js';
import type { Decision, Probe } from '../queue/joint-state.js';
import { LandingQueue } from '../queue/landing-queue.js';
import type { RunContext } from '../run/run-context.js';
import { SerialQueue } from '../run/serial-queue.js';
import { Base } from './base.js';
import { BaseCheck } from './base-check.js';
import { Chains } from './chains.js';
import type { GateSlots } from './gate-slots.js';
import { meetingTasks } from './meets.js';
import { Probes } from './probes.js';
import { hold, reject } from './reject.js';
import { failingOf } from './verdicts.js';
import { WaitingTasks } from './waiting-tasks.js';
import { flake, warn } from './warnings.js';

type DecisionOf<K extends Decision['kind']> = Extract<Decision, { readonly kind: K }>;

export interface JoiningOptions {
  readonly landing: Landing;
  readonly slots: GateSlots;
  /** What earlier runs tell. */
  readonly prior?: QueuePrior | undefined;
}

/**
 * Drives the landing queue: makes the joint states that it wants tested, runs the gate on them, and carries out what it
 * decides. Gates run beside everything else; what moves the integration ref runs in the landing's queue, one after the
 * other.
 */
export class Joining {
  readonly #context: RunContext;
  readonly #gate: Gate;
  readonly #landing: Landing;
  readonly #slots: GateSlots;
  readonly #queue: LandingQueue;
  readonly #chains: Chains;
  readonly #probes: Probes;
  readonly #waiting = new WaitingTasks();
  /** Tasks that will be finished later. */
  readonly #working = new Set<string>();
  /** What has not ended of probes and of the check of the base; none of it fails. */
  readonly #tests = new Set<Promise<void>>();
  /** Decisions, in their order. */
  readonly #decisions = new SerialQueue();
  /** The integration tip that the queue knows of. */
  #tip: string;
  #check: BaseCheck | undefined;
  readonly #base: Base;
  /** Why no task can be decided any more. */
  #failure: { readonly cause: unknown } | undefined;
  #isPlanned = false;
  #isClosed = false;

  constructor(context: RunContext, gate: Gate, { landing, slots, prior }: JoiningOptions) {
    this.#context = context;
    this.#gate = gate;
    this.#landing = landing;
    this.#slots = slots;
    const { integration: tip } = context.log.run;
    this.#tip = tip;
    this.#queue = new LandingQueue({ tip, slots: slots.count, ...defined({ prior }) });
    this.#chains = new Chains(context);
    this.#base = new Base(context);
    this.#probes = new Probes(context, gate, { slots, chains: this.#chains });
    landing.onTurn(() => this.#followTip());
    const stopListening = context.stop.onRequest(() => {
      if (context.stop.mode !== 'now') return;
      stopListening();
      void this.#pause();
    });
  }

  /** Has the gate run on the base, as long as nothing else needs it. */
  checkBase(): void {
    const check = new BaseCheck(this.#context, this.#gate);
    this.#check = check;
    this.#track(check.verdict.then((verdict) => this.#checked(check, verdict)));
  }

  /** The task is being worked on. */
  begin(taskId: string): void {
    this.#working.add(taskId);
  }

  /** Resolves when an agent may start. */
  async beforeLaunch(): Promise<void> {
    await this.#check?.beforeLaunch();
  }

  /** The task is not worked on any more. */
  end(taskId: string): void {
    if (this.#working.delete(taskId)) this.#plan();
  }

  /** Resolves when an audited task is integrated or rejected, or when the run is being stopped. */
  async decided(taskId: string): Promise<void> {
    this.#working.delete(taskId);
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#isOver) return;
    const meets = meetingTasks(this.#context, taskId, this.#waiting.ids);
    const decided = this.#waiting.wait(taskId);
    const { base } = this.#context.log.task(taskId);
    this.#queue.add({ taskId, meets, ...defined({ base }) });
    this.#plan();
    await decided;
  }

  /** The machine may have room for further gates. */
  machineSampled(): void {
    if (this.#waiting.ids.length > 0) this.#plan();
  }

  /** Ends every gate that runs. */
  stop(): void {
    this.#isClosed = true;
    this.#check?.stop();
    for (const probe of this.#probes.running) this.#probes.stop(probe);
  }

  /** Ends every gate that runs; resolves when nothing more is recorded. */
  async close(): Promise<void> {
    this.stop();
    while (this.#tests.size > 0 || !this.#decisions.isIdle) {
      await Promise.all(this.#tests);
      await this.#decisions.idle();
    }
  }

  get #isOver(): boolean {
    return this.#isClosed || this.#context.stop.mode === 'now';
  }

  /** The run is being stopped: what waits goes on in the next process. */
  async #pause(): Promise<void> {
    await this.close();
    for (const taskId of this.#waiting.ids) this.#waiting.settle(taskId);
  }

  #track(test: Promise<void>): void {
    const ended = test.catch((error: unknown) => this.#fail(error)).finally(() => this.#tests.delete(ended));
    this.#tests.add(ended);
  }

  /** Starts gates once all that happens now has been told to the queue: tasks that finish together are tested together. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#start();
    });
  }

  #start(): void {
    if (this.#isOver) return;
    this.#queue.expected = this.#working.size;
    this.#queue.slots = this.#slots.count;
    for (const probe of this.#queue.obsolete()) {
      this.#probes.stop(probe);
      this.#take(this.#queue.givenUp(probe));
    }
    while (this.#slots.mayStart(this.#probes.running.length)) {
      const probe = this.#queue.next();
      if (probe === undefined) break;
      this.#track(this.#test(probe));
    }
    const atWork = this.#probes.running.filter(({ members }) => members.length > 0).length;
    if (this.#check?.isRunning && atWork >= this.#queue.slots) this.#check.stop();
    this.#requireProgress();
  }

  /** A queue that has nothing to test, and waits for nothing, would let its tasks wait for ever. */
  #requireProgress(): void {
    const { size } = this.#working;
    if (this.#waiting.ids.length === 0 || size > 0 || this.#probes.running.length > 0) return;
    if (!this.#decisions.isIdle) return;
    this.#fail(new Error(`the landing queue has nothing to test for ${this.#waiting.ids.join(', ')}`));
  }

  async #test(probe: Probe): Promise<void> {
    const abortSignal = this.#probes.begin(probe);
    const how = { complete: !this.#base.isGreen, check: this.#check, abortSignal };
    const outcome = await this.#probes.test(probe, how);
    // What stopped it has told the queue.
    if (abortSignal.aborted) return;
    if (outcome.status === 'unmergeable') return this.#unmergeable(probe, outcome.taskId, abortSignal);
    const isBase = probe.members.length === 0;
    if (outcome.status === 'judged' && isBase) {
      await this.#baseJudged(probe.tip, outcome.verdict);
      if (abortSignal.aborted) return;
    }
    this.#probes.end(probe);
    if (outcome.status === 'failed') {
      const concerned = isBase ? this.#waiting.ids : outcome.taskIds;
      for (const taskId of concerned) this.#giveUp(taskId, outcome.error);
    }
    // A gate that could not run on the base says nothing of its commands.
    const isKnown = outcome.status === 'judged' && !(isBase && outcome.verdict.status === 'broken');
    this.#take(isKnown ? this.#queue.judged(probe, failingOf(outcome.verdict)) : this.#queue.givenUp(probe));
  }

  async #checked(check: BaseCheck, verdict: Verdict | undefined): Promise<void> {
    if (verdict === undefined) return;
    const { commit } = check;
    this.#slots.finished(verdict);
    await this.#baseJudged(commit, verdict);
    const key = (await treeOf(this.#context, commit)) ?? commit;
    if (check.isTaken || verdict.status === 'broken' || commit !== this.#tip || this.#isOver) return;
    this.#probes.told(key);
    this.#take(this.#queue.tipJudged(failingOf(verdict)));
  }

  /** Where nothing can be tested, what is finished is held until the gate runs. */
  async #baseJudged(commit: CommitId, verdict: Verdict): Promise<void> {
    await this.#base.say(commit, verdict);
    if (commit !== this.#tip) return;
    this.#base.isGreen = verdict.status === 'green';
    if (verdict.status !== 'broken') return;
    const held = this.#waiting.ids;
    for (const taskId of held) await hold(this.#context, taskId, verdict);
    for (const taskId of held) this.#leave(taskId);
  }

  /** Only a task that can't be joined to the tip alone is at fault for that: the others may be rejected yet. */
  async #unmergeable(probe: Probe, taskId: string, stopped: AbortSignal): Promise<void> {
    // Behind moves of the tip that are decided already.
    await this.#turn(async () => {
      this.#followTip();
      if (stopped.aborted) return;
      const outcome = this.#waiting.ids.includes(taskId)
        ? await this.#chains.joinAlone(taskId, this.#tip)
        : ({ status: 'joined' } as const);
      if (stopped.aborted) return;
      this.#probes.end(probe);
      if (outcome.status === 'joined') return this.#take(this.#queue.unmergeable(probe, taskId));
      if (outcome.status === 'failed') this.#giveUp(taskId, outcome.error);
      else {
        await rejectUnjoined(this.#context, taskId, outcome);
        this.#leave(taskId);
      }
      this.#take(this.#queue.givenUp(probe));
    });
  }

  /** Carries out decisions, in their order. */
  #take(decisions: readonly Decision[]): void {
    for (const decision of decisions)
      this.#decisions.run(() => this.#carryOut(decision)).catch((error: unknown) => this.#fail(error));
    this.#plan();
  }

  async #carryOut(decision: Decision): Promise<void> {
    switch (decision.kind) {
      case 'integrate':
        return this.#integrate(decision);
      case 'reject': {
        const { probe, taskId } = decision;
        const answer = this.#probes.answerOf(probe);
        if (answer === undefined) throw new Error(`probe ${probe.id} has no verdict to blame ${taskId} for`);
        await reject(this.#context, decision, answer);
        this.#chains.forget(taskId);
        return this.#leave(taskId);
      }
      case 'flake': {
        const { probe } = decision;
        return warn(this.#context, flake(probe, this.#probes.answerOf(probe)?.commit));
      }
      default:
      // That the base is red was said when its verdict came.
    }
  }

  /** Moves the integration ref to the tested commit, unless it has been moved since by something else. */
  async #integrate({ probe, taskIds }: DecisionOf<'integrate'>): Promise<void> {
    await this.#turn(async () => {
      this.#followTip();
      const tested = this.#probes.testedOf(probe);
      // The tip was moved by something else since that was decided: the tasks are tested again.
      if (tested === undefined) return;
      const { log } = this.#context;
      const tasks = tested.commits.slice(-taskIds.length);
      const from = tested.commits.at(-taskIds.length - 1)?.commit ?? probe.tip;
      if (from !== log.run.integration) return;
      await advance(this.#context, tasks);
      if (log.run.integration === tested.head) {
        this.#tip = tested.head;
        this.#take(this.#queue.integrated(probe, tested.head));
      } else this.#startAgain(this.#tip);
      for (const taskId of taskIds) if (log.task(taskId).outcome !== undefined) this.#leave(taskId);
    });
  }

  /** Runs a job that may move the integration ref; resolves when it is done, before the landing that follows. */
  #turn(job: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#landing.turn(() => job().then(resolve, reject)).catch(reject);
    });
  }

  /** If the tip was moved by something else, all tasks are joined to the new one. */
  #followTip(): void {
    const { integration: tip } = this.#context.log.run;
    if (tip !== this.#tip) this.#startAgain(tip);
  }

  #startAgain(tip: CommitId): void {
    this.#tip = tip;
    this.#base.forget();
    this.#probes.forget();
    const { running } = this.#probes;
    for (const probe of running) this.#probes.stop(probe);
    this.#take(this.#queue.tipMoved(tip));
    for (const probe of running) this.#take(this.#queue.givenUp(probe));
  }

  /** The task is decided. */
  #leave(taskId: string): void {
    this.#waiting.settle(taskId);
    this.#take(this.#queue.withdraw(taskId));
  }

  /** Something went wrong with the task that is no verdict. */
  #giveUp(taskId: string, cause: unknown): void {
    this.#chains.forget(taskId);
    this.#waiting.settle(taskId, { cause });
    this.#take(this.#queue.withdraw(taskId));
  }

  /** No task can be decided any more. */
  #fail(error: unknown): void {
    this.#failure ??= { cause: error };
    this.stop();
    for (const taskId of this.#waiting.ids) this.#waiting.settle(taskId, { cause: error });
  }
}
