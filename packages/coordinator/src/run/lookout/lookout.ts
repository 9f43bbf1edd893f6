import {
  compareRepository,
  compareWork,
  findPutRight,
  hasCode,
  isAbout,
  isOpenError,
  type RepositoryObserver,
  type RepositoryRecord,
  type RepositoryState,
} from '@pwt/core';
import { reasonOf } from '../../reason-of.js';
import { recordChange, recordResolved } from '../findings.js';
import { SerialQueue } from '../serial-queue.js';
import { recordAddedCommits } from './added-commits.js';
import type { LookoutContext } from './lookout-context.js';
import { describeRewrite } from './rewrite.js';
import { describeUnreadable } from './unreadable.js';

/** While agents run and nothing else calls for a look. */
const INTERVAL_MS = 10_000;

/** Agents that end one after the other are looked at together. */
const AFTER_AGENT_MS = 2000;

/** Looking on its own takes at most one part in so many of the time, however large the repository is. */
const TIME_SHARE = 100;

/**
 * Looks at the repository beside a run, compares with what it saw last, and puts what others have changed on record,
 * with the tasks whose agents were running in between.
 *
 * What is mostly the user's own work (files, staged changes, branches) is told at once the first time, and after that
 * all together at the end, so that a user who works beside the run is not told of every save.
 */
export class Lookout {
  readonly #context: LookoutContext;
  readonly #observer: RepositoryObserver;
  readonly #looks = new SerialQueue();
  #record: RepositoryRecord | undefined;
  /** Tasks that had an agent since the last look, and since work was last reported. */
  #ran = new Set<string>();
  #ranSinceReport = new Set<string>();
  /** Tasks that had an agent when the target was moved to a commit, by that commit. */
  readonly #ranAtMove = new Map<string, readonly string[]>();
  #workTold = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #tookMs = 0;
  #cancel: (() => void) | undefined;

  constructor(context: LookoutContext, observer: RepositoryObserver) {
    this.#context = context;
    this.#observer = observer;
  }

  /** What the run has found when it started; `undefined` if it could not look. */
  get start(): RepositoryState | undefined {
    return this.#record?.start;
  }

  /** The first look of a run. @param observed a look that is under way already */
  async begin(observed?: Promise<RepositoryState>): Promise<void> {
    await this.#looks.run(async () => {
      const state = await this.#observe(observed);
      if (state?.unreadable === undefined && state !== undefined) await this.#remember(state, state, state);
    });
  }

  /** The first look of a process that goes on with a run: agents may have been running meanwhile. */
  async resume(): Promise<void> {
    const { log, runId } = this.#context;
    this.#record = await this.#observer.recall(runId);
    for (const [taskId, { phase }] of log.state.tasks) {
      if (phase === 'launching' || phase === 'running') this.agentStarted(taskId);
    }
    await this.look();
  }

  /** The tasks whose agents were running when the target was moved to a commit, as far as that was seen. */
  ranWhenMovedTo(tip: string): readonly string[] {
    return this.#ranAtMove.get(tip) ?? [...this.#ran];
  }

  agentStarted(taskId: string): void {
    this.#ran.add(taskId);
    this.#ranSinceReport.add(taskId);
  }

  /** An agent has ended: looks, unless it has just looked. */
  async agentEnded(): Promise<void> {
    const sinceMs = Math.abs(this.#context.clock.now() - this.#lookedAt);
    if (sinceMs >= Math.max(AFTER_AGENT_MS, this.#tookMs * TIME_SHARE)) await this.look();
  }

  /** Looks from time to time while agents run, until it is stopped. */
  watch(onError: (error: unknown) => void): void {
    const { clock, agents } = this.#context;
    this.#cancel = clock.after(Math.max(INTERVAL_MS, this.#tookMs * TIME_SHARE), () => {
      const looked = agents.taskIds.length === 0 ? Promise.resolve() : this.agentEnded();
      looked.catch(onError).finally(() => {
        if (this.#cancel) this.watch(onError);
      });
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /**
   * Looks, and puts on record what is new.
   *
   * @param options `all`: report the user's work, too, that has come together since it was last reported
   * @returns what was seen; `undefined` if it could not look
   */
  look({ all = false }: { readonly all?: boolean } = {}): Promise<RepositoryState | undefined> {
    return this.#looks.run(async () => {
      const landedTip = this.#landedTip();
      const seen = await this.#observe();
      if (seen === undefined) return undefined;
      const last = this.#record?.last;
      if (last === undefined) {
        if (seen.unreadable === undefined) await this.#remember(seen, seen, seen);
        return seen;
      }
      const state =
        seen.unreadable === undefined ? seen : { ...last, config: seen.config, control: seen.control };
      // While something lands, files and branch are on their way: that is no moment to compare.
      if (landedTip !== undefined && landedTip === this.#landedTip())
        await this.#compare(last, state, seen, all);
      return seen.unreadable === undefined ? state : { ...state, unreadable: seen.unreadable };
    });
  }

  async #compare(
    last: RepositoryState,
    state: RepositoryState,
    seen: RepositoryState,
    all: boolean,
  ): Promise<void> {
    const running = this.#context.agents.taskIds;
    const ran = [...this.#ran];
    this.#ran = new Set(running);
    const { tip } = state.target;
    if (tip !== null && tip !== last.target.tip && !this.#ranAtMove.has(tip)) this.#ranAtMove.set(tip, ran);
    const { start = state } = this.#record ?? {};
    const since = compareRepository(start, state);
    if (seen.unreadable === undefined) {
      const { findings, landedTip } = this.#context.log.state;
      await recordResolved(this.#context, findPutRight(findings, { start, last }, state, landedTip));
    }
    // What is as it was at the start again was put right.
    const changes = compareRepository(last, state).filter((change) =>
      since.some((other) => isAbout(change, other)),
    );
    for (const change of changes) await recordChange(this.#context, change, ran);
    if (seen.unreadable !== undefined)
      await recordChange(this.#context, describeUnreadable(seen.unreadable), ran);
    else await this.#judgeTarget(last, state, ran);
    const reported = await this.#reportWork(state, all);
    await this.#remember(start, state, reported);
  }

  /** A target that no longer contains what this run knew of it, or has got more on top. */
  async #judgeTarget(
    last: RepositoryState,
    { target }: RepositoryState,
    ran: readonly string[],
  ): Promise<void> {
    const known = this.#context.log.run.landedTip;
    const { tip } = target;
    if (tip === null || tip === known || tip === last.target.tip) return;
    const rewrite = await describeRewrite(this.#context, known, tip);
    if (rewrite !== undefined) return recordChange(this.#context, rewrite, ran);
    const { findings } = this.#context.log.state;
    const ref = `refs/heads/${target.branch}`;
    // It contains again what this run knew of it.
    await recordResolved(
      this.#context,
      findings.filter((other) => isOpenError(other) && isAbout({ kind: 'target', subjects: [ref] }, other)),
    );
    await recordAddedCommits(this.#context, known, tip, ran);
  }

  /** Returns what later work is to be compared with. */
  async #reportWork(state: RepositoryState, all: boolean): Promise<RepositoryState> {
    const before = this.#record?.reported ?? state;
    const tasks = [...this.#context.log.state.tasks.values()];
    // The branch of a workspace that is being made is pwt's own, but its name is not on record yet.
    if ((this.#workTold && !all) || tasks.some(({ phase }) => phase === 'dispatched')) return before;
    const work = compareWork(before, state);
    if (work.length === 0) return before;
    const ran = [...this.#ranSinceReport];
    this.#workTold = true;
    this.#ranSinceReport = new Set(this.#context.agents.taskIds);
    for (const change of work) await recordChange(this.#context, change, ran);
    return state;
  }

  async #remember(start: RepositoryState, last: RepositoryState, reported: RepositoryState): Promise<void> {
    const before = this.#record;
    this.#record = { start, last, reported };
    if (before && before.reported === reported && JSON.stringify(before.last) === JSON.stringify(last))
      return;
    await this.#observer.keep(this.#context.runId, this.#record);
  }

  /** What can't be looked at is said, and the run goes on: what lands is looked at once more by the merger. */
  async #observe(observed?: Promise<RepositoryState>): Promise<RepositoryState | undefined> {
    const { log, target, runId, clock } = this.#context;
    const ownBranches = [...log.state.tasks.values()].flatMap(({ workspace }) => workspace?.branch ?? []);
    const startedAt = clock.now();
    try {
      return await (observed ?? this.#observer.observe({ target, runId, ownBranches }));
    } catch (error) {
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      const message = `The state of the repository could not be read: ${reasonOf(error)}`;
      await recordChange(this.#context, { kind: 'config', severity: 'warning', message }, []);
      return undefined;
    } finally {
      this.#lookedAt = clock.now();
      this.#tookMs = Math.max(0, this.#lookedAt - startedAt);
    }
  }

  /** The tip of the target that this run knows of; `undefined` while it moves it. */
  #landedTip(): string | undefined {
    const { landing, landedTip } = this.#context.log.run;
    return landing === undefined ? landedTip : undefined;
  }
}
