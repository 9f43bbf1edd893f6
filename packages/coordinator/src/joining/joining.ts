import { type CommitId, defined, type Gate, type Verdict } from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import { rejectUnjoined } from '../pipeline/integrate.js';
import { treeOf } from '../pipeline/known-verdicts.js';
import { failingOf } from '../pipeline/verdicts.js';
import { missingNeeds, withhold } from '../pipeline/withhold.js';
import type { QueuePrior } from '../queue/estimate.js';
import type { Probe } from '../queue/joint-state.js';
import { LandingQueue } from '../queue/landing-queue.js';
import type { RunContext } from '../run/run-context.js';
import { SerialQueue } from '../run/serial-queue.js';
import { Base } from './base.js';
import { BaseCheck } from './base-check.js';
import { Chains } from './chains.js';
import { Decisions } from './decisions.js';
import type { GateSlots } from './gate-slots.js';
import { meetingTasks } from './meets.js';
import { Probes } from './probes.js';
import { hold } from './reject.js';
import { WaitingTasks } from './waiting-tasks.js';

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
  readonly #slots: GateSlots;
  readonly #queue: LandingQueue;
  readonly #chains: Chains;
  readonly #probes: Probes;
  readonly #audits = new SerialQueue();
  readonly #waiting = new WaitingTasks();
  /** Tasks that will be finished later. */
  readonly #working = new Set<string>();
  /** What has not ended of probes and of the check of the base; none of it fails. */
  readonly #tests = new Set<Promise<void>>();
  readonly #decisions: Decisions;
  #check: BaseCheck | undefined;
  readonly #base: Base;
  /** Why no task can be decided any more. */
  #failure: { readonly cause: unknown } | undefined;
  #isPlanned = false;
  #isClosed = false;

  constructor(context: RunContext, gate: Gate, { landing, slots, prior }: JoiningOptions) {
    this.#context = context;
    this.#gate = gate;
    this.#slots = slots;
    const { integration: tip } = context.log.run;
    this.#queue = new LandingQueue({ tip, slots: slots.count, ...defined({ prior }) });
    this.#chains = new Chains(context);
    this.#base = new Base(context);
    this.#probes = new Probes(context, gate, { slots, chains: this.#chains });
    this.#decisions = new Decisions(context, {
      landing,
      queue: this.#queue,
      probes: this.#probes,
      chains: this.#chains,
      waiting: this.#waiting,
      onChange: () => this.#plan(),
      onTipMoved: () => this.#base.forget(),
      onError: (error) => this.#fail(error),
    });
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
    this.#withholdStranded().catch((error: unknown) => this.#fail(error));
  }

  /** Runs a task's audit. One at a time, and beside landings: the gate that comes next does not wait for them. */
  async audit(job: () => Promise<void>): Promise<void> {
    await this.#audits.run(job);
  }

  /** Resolves when an audited task is integrated or rejected, or when the run is being stopped. */
  async decided(taskId: string): Promise<void> {
    this.#working.delete(taskId);
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#isOver) return;
    const meets = meetingTasks(this.#context, taskId, this.#waiting.ids);
    const decided = this.#waiting.wait(taskId);
    const { base } = this.#context.log.task(taskId);
    // An earlier attempt has left other work.
    this.#chains.forget(taskId);
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
    const ended = test
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#tests.delete(ended);
        this.#plan();
      });
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
      this.#decisions.take(this.#queue.givenUp(probe));
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
    if (this.#waiting.ids.length === 0 || size > 0 || this.#tests.size > 0) return;
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
      this.#giveUp(isBase ? this.#waiting.ids : outcome.taskIds, outcome.error);
    }
    // A gate that could not run on the base says nothing of its commands.
    const isKnown = outcome.status === 'judged' && !(isBase && outcome.verdict.status === 'broken');
    this.#decisions.take(
      isKnown ? this.#queue.judged(probe, failingOf(outcome.verdict)) : this.#queue.givenUp(probe),
    );
  }

  async #checked(check: BaseCheck, verdict: Verdict | undefined): Promise<void> {
    if (verdict === undefined) return;
    const { commit } = check;
    this.#slots.finished(verdict);
    await this.#baseJudged(commit, verdict);
    const key = (await treeOf(this.#context, commit)) ?? commit;
    // One that is known from before blames no task: what the gate depends on may have changed since. After a red it runs.
    if (!check.hasRun) return;
    if (check.isTaken || verdict.status === 'broken' || commit !== this.#decisions.tip || this.#isOver)
      return;
    this.#probes.told(key);
    this.#decisions.take(this.#queue.tipJudged(failingOf(verdict)));
  }

  /** Where nothing can be tested, what is finished is held until the gate runs. */
  async #baseJudged(commit: CommitId, verdict: Verdict): Promise<void> {
    await this.#base.say(commit, verdict);
    if (commit !== this.#decisions.tip) return;
    this.#base.isGreen = verdict.status === 'green';
    if (verdict.status !== 'broken') return;
    const held = this.#waiting.undecided;
    // Taken out first: nothing else may be decided about them meanwhile.
    for (const taskId of held) this.#decisions.take(this.#queue.withdraw(taskId));
    for (const taskId of held) await hold(this.#context, taskId, verdict);
    for (const taskId of held) this.#decisions.leave(taskId);
  }

  /** Only a task that can't be joined to the tip alone is at fault for that: the others may be rejected yet. */
  async #unmergeable(probe: Probe, taskId: string, stopped: AbortSignal): Promise<void> {
    const isUndecided = () => !stopped.aborted && this.#waiting.undecided.includes(taskId);
    // Behind moves of the tip that are decided already.
    await this.#decisions.turn(async () => {
      const outcome = isUndecided() ? await this.#chains.joinAlone(taskId, this.#decisions.tip) : undefined;
      if (stopped.aborted) return;
      this.#probes.end(probe);
      if (outcome === undefined || outcome.status === 'joined' || !isUndecided())
        return this.#decisions.take(this.#queue.unmergeable(probe, taskId));
      // Taken out first: nothing else may be decided about it meanwhile.
      this.#decisions.take(this.#queue.withdraw(taskId));
      if (outcome.status === 'failed') this.#giveUp([taskId], outcome.error);
      else {
        await rejectUnjoined(this.#context, taskId, outcome);
        this.#decisions.leave(taskId);
      }
      this.#decisions.take(this.#queue.givenUp(probe));
    });
  }

  /** Work is not tested without what it builds on: it waits until that is integrated again. */
  async #withholdStranded(): Promise<void> {
    for (const taskId of this.#waiting.undecided) {
      const { state } = this.#context.log;
      const missing = missingNeeds(state, this.#context.log.task(taskId));
      if (missing.length === 0) continue;
      // Taken out first: nothing else may be decided about it meanwhile.
      this.#decisions.take(this.#queue.withdraw(taskId));
      this.#chains.forget(taskId);
      await withhold(this.#context, taskId, missing);
      this.#decisions.leave(taskId);
    }
  }

  /** Something went wrong with the tasks that is no verdict. What is decided about one of them counts all the same. */
  #giveUp(taskIds: readonly string[], cause: unknown): void {
    const { undecided } = this.#waiting;
    for (const taskId of taskIds) {
      if (!undecided.includes(taskId)) continue;
      this.#chains.forget(taskId);
      this.#decisions.leave(taskId, { cause });
    }
  }

  /** No task can be decided any more. */
  #fail(error: unknown): void {
    this.#failure ??= { cause: error };
    this.stop();
    for (const taskId of this.#waiting.undecided) this.#waiting.settle(taskId, { cause: error });
    void this.#settleDecided({ cause: error });
  }

  /** Decisions that were made are carried out as far as possible. */
  async #settleDecided(failure: { readonly cause: unknown }): Promise<void> {
    while (!this.#decisions.isIdle) await this.#decisions.idle();
    for (const taskId of this.#waiting.ids) this.#waiting.settle(taskId, failure);
  }
}
