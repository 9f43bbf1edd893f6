import { hasCode, type LandOutcome } from '@pwt/core';
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

/** For how long landing may be left to the next task in the queue. */
const LAND_INTERVAL_MS = 5000;

/** So many tasks are not left to the next one: their workspaces are to be removed by and by, not all at once. */
const LAND_BATCH = 8;

/** How often a target that keeps moving is followed before landing is put off. */
const FOLLOW_LIMIT = 5;

/**
 * Moves the target to what a run has integrated. Everything that moves the integration ref or the target takes its
 * turn in one queue; what can't land now stays on the integration ref and is tried again after the next turn.
 */
export class Landing {
  /** The workspaces of tasks that have landed. */
  readonly workspaces: LandedWorkspaces;
  readonly #context: RunContext;
  readonly #queue = new SerialQueue();
  readonly #refusals: Refusals;
  /** In milliseconds since the epoch. */
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(context: RunContext) {
    this.#context = context;
    this.workspaces = new LandedWorkspaces(context);
    this.#refusals = new Refusals(context.runId, context.log);
  }

  /**
   * One turn of the joining queue. Landing follows it, whatever becomes of the job: it may have been left to this turn
   * by an earlier one.
   */
  async turn(job: () => Promise<void>): Promise<void> {
    await this.#queue.run(async () => {
      try {
        await job();
      } finally {
        if (!this.#isLeftToNext()) await this.#try();
      }
    });
  }

  /** Lands where landing is on. If it fails, that is said and it is tried again later: the run goes on. */
  async try(): Promise<void> {
    await this.#queue.run(() => this.#try());
  }

  /** Lands, whether landing is on or not. What keeps the target from being moved is said. */
  async now(): Promise<void> {
    await this.#queue.run(() => this.#land());
  }

  /** At the end: a target that was moved since it was last joined is looked at, too. Joins nothing. */
  async settle(): Promise<void> {
    await this.#queue.run(async () => {
      const { log, parts, target, options } = this.#context;
      const { landedTip } = log.run;
      const tip = await parts.merger.tip(target);
      if (!options.autoMerge || tip === undefined || tip === landedTip) return;
      await followTarget(this.#context, landedTip, tip);
    });
  }

  /** Several tasks that end together land in one go; a long queue, or a slow gate, holds that up for a few seconds only. */
  #isLeftToNext(): boolean {
    const sinceMs = Math.abs(this.#context.clock.now() - this.#triedAt);
    const mayWait = this.#refusals.isRefused || this.#integrated().length < LAND_BATCH;
    return this.#queue.waiting > 0 && sinceMs < LAND_INTERVAL_MS && mayWait;
  }

  async #try(): Promise<void> {
    const { options, clock, target } = this.#context;
    if (!options.autoMerge) return;
    this.#triedAt = clock.now();
    try {
      await this.#land();
    } catch (error) {
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      await this.#refusals.warn({ message: `${target} could not be moved: ${reasonOf(error)}` });
    }
  }

  /** If the target has moved meanwhile, the new commits are merged and gated first. */
  async #land(): Promise<void> {
    const { log, target, parts, runId } = this.#context;
    if (log.run.integration === log.run.landedTip) return;
    if (await this.#isObstructed()) return;
    for (let attempt = 0; attempt < FOLLOW_LIMIT; attempt += 1) {
      const { integration: to, landedTip: from } = log.run;
      if (to === from) return;
      const taskIds = this.#integrated();
      await this.workspaces.makeRoom(taskIds.length);
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
      const joined = await joinTarget(this.#context, tip);
      if (joined.status === 'refused') return this.#refusals.warn(joined.refusal);
      if (joined.status === 'stopped') return;
    }
    await this.#refusals.warn({ message: `${target} keeps moving: landing is put off.` });
  }

  /** What a landing can't be made over is said, with the command that puts it right. */
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
