import { type CommitId, hasCode, type LandOutcome, landsByItself } from '@pwt/core';
import { checkLanded } from '../contract-check.js';
import { reasonOf } from '../reason-of.js';
import { recordChange, recordFinding } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';
import { SerialQueue } from '../run/serial-queue.js';
import { followTarget, refusalOfMove } from './follow-target.js';
import { joinTarget } from './join-target.js';
import { LandedWorkspaces } from './landed-workspaces.js';
import { findLandingObstacle } from './landing-obstacle.js';
import { type Refusal, Refusals } from './refusals.js';

/** How long a landing may be put off while further tasks are in the queue. */
const LAND_INTERVAL_MS = 5000;

/** With this many tasks to land, it is not put off: their workspaces are removed bit by bit, not all at once. */
const LAND_BATCH = 8;

/** How often a landing follows a target that keeps moving, before it is put off. */
const FOLLOW_LIMIT = 5;

/**
 * Moves the target to what a run has integrated. All jobs that move the integration ref or the target run one after the
 * other, in one queue. What can't land now stays on the integration ref and is tried again after the next job.
 */
export class Landing {
  /** The workspaces of tasks that have landed. */
  readonly workspaces: LandedWorkspaces;
  readonly #context: RunContext;
  readonly #queue = new SerialQueue();
  readonly #refusals: Refusals;
  /** Tips of the target that the gate does not let through. */
  readonly #knownRed = new Set<CommitId>();
  #onTurn: () => void = () => undefined;
  /** Since when a landing is put off, in milliseconds since the epoch. */
  #putOffAt: number | undefined;

  constructor(context: RunContext) {
    this.#context = context;
    this.workspaces = new LandedWorkspaces(context);
    this.#refusals = new Refusals(context.runId, context.log);
  }

  /**
   * Runs a job in the queue, then tries to land, even if the job fails: an earlier landing may have been put off.
   */
  async turn(job: () => Promise<void>): Promise<void> {
    await this.#queue.run(async () => {
      try {
        await job();
      } finally {
        if (!this.#isLeftToNext()) await this.#try({ mayBeLeft: true });
        this.#onTurn();
      }
    });
  }

  /** Calls back after each job and the landing that may follow it: what is integrated may have moved. */
  onTurn(listener: () => void): void {
    this.#onTurn = listener;
  }

  /** Lands if landing is on. A failure is reported, and the run goes on: the landing is tried again later. */
  async try(): Promise<void> {
    await this.#queue.run(() => this.#try());
  }

  /** Lands, whether landing is on or not. What prevents it is reported. */
  async now(): Promise<void> {
    await this.#queue.run(() => this.#land());
  }

  /** At the end of a run: also records that the target was moved since the last landing. Merges nothing. */
  async settle(): Promise<void> {
    await this.#queue.run(async () => {
      const { log, parts, target, options } = this.#context;
      const { landedTip } = log.run;
      const tip = await parts.merger.tip(target);
      if (!landsByItself(options) || tip === undefined || tip === landedTip) return;
      await followTarget(this.#context, landedTip, tip);
    });
  }

  /** Tasks that end together land together; a long queue or a slow gate delays that by a few seconds at most. */
  #isLeftToNext(): boolean {
    const { log, clock } = this.#context;
    if (log.run.integration === log.run.landedTip) return false;
    const now = clock.now();
    const mayWait = this.#refusals.isRefused || this.#integrated().length < LAND_BATCH;
    const isNextNear = this.#queue.waiting > 0 || this.#isWorkOnItsWay();
    if (!isNextNear || !mayWait || Math.abs(now - (this.#putOffAt ?? now)) >= LAND_INTERVAL_MS) return false;
    this.#putOffAt ??= now;
    return true;
  }

  /** True if an agent has ended and its work is being collected: without a gate, it is integrated in a moment. */
  #isWorkOnItsWay(): boolean {
    const { log, parts, stop } = this.#context;
    if (parts.gate !== undefined || stop.mode !== undefined) return false;
    return [...log.state.tasks.values()].some(({ phase }) => phase === 'exited');
  }

  async #try({ mayBeLeft = false } = {}): Promise<void> {
    const { options, target } = this.#context;
    if (!landsByItself(options)) return;
    try {
      await this.#land({ mayBeLeft });
    } catch (error) {
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      await this.#refusals.warn({ message: `${target} could not be moved: ${reasonOf(error)}` });
    }
  }

  /**
   * If the target has moved, the new commits are merged and tested first.
   *
   * @param how `mayBeLeft`: to the job that has come into the queue meanwhile
   */
  async #land({ mayBeLeft = false } = {}): Promise<void> {
    const { log, target, parts, runId } = this.#context;
    if (log.run.integration === log.run.landedTip) return this.#landUnmoved();
    const isObstructed = await this.#isObstructed();
    if (!isObstructed && mayBeLeft && this.#isLeftToNext()) return;
    this.#putOffAt = undefined;
    if (isObstructed) return;
    for (let attempt = 0; attempt < FOLLOW_LIMIT; attempt += 1) {
      const { integration: to, landedTip: from } = log.run;
      if (to === from) return;
      const taskIds = this.#integrated();
      await this.workspaces.makeRoom(taskIds);
      await log.append({ type: 'land-started', target, from, to });
      const outcome = checkLanded(parts.merger.name, await parts.merger.land({ runId, target, from, to }));
      if (outcome.status === 'landed') {
        await log.append({ type: 'landed', target, from, to, taskIds });
        for (const finding of outcome.findings ?? []) await recordFinding(this.#context, finding);
        this.workspaces.add(taskIds);
        this.#refusals.clear();
        return;
      }
      if (outcome.status === 'refused') return this.#refuse(outcome, { message: outcome.message });
      const { tip } = outcome;
      if (tip === undefined)
        return this.#refuse(outcome, { message: `The branch ${target} does not exist any more.` });
      const move = await followTarget(this.#context, from, tip);
      if (move.status === 'undecided') {
        const { refusal, outcome: refused } = refusalOfMove(this.#context, tip, move.rewrite);
        return this.#refuse(refused, refusal);
      }
      const joined = await joinTarget(this.#context, tip, this.#knownRed);
      if (joined.status === 'refused') return this.#refusals.warn(joined.refusal);
      if (joined.status === 'stopped') return;
    }
    await this.#refusals.warn({ message: `${target} keeps moving: landing is put off.` });
  }

  /** All commits of the run have landed: tasks without one of their own have, too. The target stays where it is. */
  async #landUnmoved(): Promise<void> {
    const { log, target } = this.#context;
    const taskIds = this.#integrated();
    if (taskIds.length === 0) return;
    const { landedTip: tip } = log.run;
    await this.workspaces.makeRoom(taskIds);
    await log.append({ type: 'landed', target, from: tip, to: tip, taskIds });
    this.workspaces.add(taskIds);
  }

  /** Reports what forbids the landing, with the command that puts it right. */
  async #isObstructed(): Promise<boolean> {
    const { lookout, agents } = this.#context;
    const state = await lookout?.look();
    const obstacle = state && findLandingObstacle(this.#context, state);
    if (obstacle === undefined) return false;
    const { message, hint, subjects = [] } = obstacle;
    await recordChange(this.#context, obstacle, agents.taskIds);
    await this.#refuse(
      { status: 'refused', reason: 'checkout', paths: subjects, message },
      { message, hint },
    );
    return true;
  }

  async #refuse(outcome: LandOutcome, refusal: Refusal): Promise<void> {
    const { log, target } = this.#context;
    await log.append({ type: 'land-refused', target, to: log.run.integration, outcome });
    await this.#refusals.warn(refusal);
  }

  #integrated(): readonly string[] {
    return [...this.#context.log.state.tasks.values()]
      .filter(({ outcome }) => outcome === 'integrated')
      .map(({ task }) => task.id);
  }
}
