import { type CommitId, defined, type Gate, hasCode, type Verdict } from '@pwt/core';
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
import { type Chain, Chains } from './chains.js';
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
    this.#probes = new Probes(context, gate, slots);
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
    check.verdict
      .then((verdict) => this.#checked(check, verdict))
      .catch((error: unknown) => this.#fail(error));
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
    await this.#probes.idle();
    await this.#check?.verdict.catch(() => undefined);
    while (!this.#decisions.isIdle) await this.#decisions.idle();
  }

  get #isOver(): boolean {
    return this.#isClosed || this.#context.stop.mode === 'now';
  }

  /** The run is being stopped: what waits goes on in the next process. */
  async #pause(): Promise<void> {
    await this.close();
    for (const taskId of this.#waiting.ids) this.#waiting.settle(taskId);
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
      this.#test(probe).catch((error: unknown) => this.#fail(error));
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
    const stopped = this.#probes.begin(probe);
    const chain = await this.#chains.build(probe);
    if (stopped.aborted) return;
    if (chain.status === 'unmergeable') return this.#unmergeable(probe, chain.taskId, stopped);
    if (chain.status === 'failed') {
      this.#probes.end(probe);
      this.#giveUp(chain.taskId, chain.error);
      return this.#take(this.#queue.givenUp(probe));
    }
    let verdict: Verdict | undefined;
    try {
      verdict = await this.#verdictOn(probe, chain, stopped);
    } catch (error) {
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      this.#probes.end(probe);
      const concerned = probe.members.length === 0 ? this.#waiting.ids : probe.members;
      for (const taskId of concerned) this.#giveUp(taskId, error);
      return this.#take(this.#queue.givenUp(probe));
    }
    if (verdict !== undefined && !stopped.aborted && probe.members.length === 0)
      await this.#baseJudged(probe.tip, verdict);
    if (stopped.aborted) return;
    this.#probes.end(probe);
    this.#take(
      verdict === undefined ? this.#queue.givenUp(probe) : this.#queue.judged(probe, failingOf(verdict)),
    );
  }

  async #verdictOn(
    probe: Probe,
    { head, commits }: Extract<Chain, { readonly status: 'joined' }>,
    abortSignal: AbortSignal,
  ): Promise<Verdict | undefined> {
    // The base may be under test already.
    if (this.#check?.isRunning && this.#check.commit === head) {
      const verdict = await this.#check.verdict.catch(() => undefined);
      if (verdict !== undefined || abortSignal.aborted) return verdict;
    }
    const how = { complete: !this.#base.isGreen, abortSignal };
    return this.#probes.verdictOn(probe, { head, commits }, how);
  }

  async #checked({ commit }: BaseCheck, verdict: Verdict | undefined): Promise<void> {
    if (verdict === undefined) return;
    this.#slots.finished(verdict);
    await this.#baseJudged(commit, verdict);
    if (verdict.status === 'broken' || commit !== this.#tip || this.#isOver) return;
    this.#probes.told((await treeOf(this.#context, commit)) ?? commit);
    this.#take(this.#queue.tipJudged(failingOf(verdict)));
  }

  /** Where nothing can be tested, what is finished is held until the gate runs. */
  async #baseJudged(commit: CommitId, verdict: Verdict): Promise<void> {
    await this.#base.say(commit, verdict);
    if (commit !== this.#tip) return;
    this.#base.isGreen = verdict.status === 'green';
    if (verdict.status !== 'broken') return;
    for (const taskId of this.#waiting.ids) {
      await hold(this.#context, taskId, verdict);
      this.#leave(taskId);
    }
  }

  /** Only a task that can't be joined to the tip alone is at fault for that: the others may be rejected yet. */
  async #unmergeable(probe: Probe, taskId: string, stopped: AbortSignal): Promise<void> {
    // Behind moves of the tip that are decided already.
    await this.#turn(async () => {
      this.#followTip();
      if (stopped.aborted) return;
      this.#probes.end(probe);
      if (!this.#waiting.ids.includes(taskId)) return this.#take(this.#queue.givenUp(probe));
      const outcome = await this.#chains.join(taskId, this.#tip);
      if (outcome.status === 'merged') return this.#take(this.#queue.unmergeable(probe, taskId));
      await rejectUnjoined(this.#context, taskId, outcome);
      this.#take(this.#queue.givenUp(probe));
      this.#leave(taskId);
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
      case 'reject':
        await reject(this.#context, this.#chains, decision, this.#base.excused);
        return this.#leave(decision.taskId);
      case 'flake': {
        const { state } = decision;
        const chain = await this.#chains.build(state);
        return warn(this.#context, flake(state, chain.status === 'joined' ? chain.head : undefined));
      }
      case 'base-red':
        this.#base.excused = decision.failing;
    }
  }

  /** Moves the integration ref to the tested commit, unless it has been moved since by something else. */
  async #integrate({ probe, taskIds }: DecisionOf<'integrate'>): Promise<void> {
    const tested = this.#probes.testedOf(probe);
    await this.#turn(async () => {
      this.#followTip();
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
