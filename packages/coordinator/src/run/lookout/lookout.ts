import {
  type Blame,
  compareRepository,
  defined,
  findPutRight,
  hasCode,
  isAbout,
  isOpenError,
  type ObserveRequest,
  type RepositoryChange,
  type RepositoryObserver,
  type RepositoryRecord,
  type RepositoryState,
} from '@pwt/core';
import { reasonOf } from '../../reason-of.js';
import { recordChange, recordResolved } from '../findings.js';
import { SerialQueue } from '../serial-queue.js';
import { recordAddedCommits } from './added-commits.js';
import { blameFor, recordBlamed } from './blame.js';
import { EscapeWatch } from './escape-watch.js';
import type { LookoutContext } from './lookout-context.js';
import { describeRewrite } from './rewrite.js';
import { describeUnreadable } from './unreadable.js';
import { WorkReport } from './work-report.js';

/** How often the repository is observed while agents run, without another occasion. */
const INTERVAL_MS = 10_000;

/** Agents that end within this time share an observation. */
const AFTER_AGENT_MS = 2000;

/** Regular observations take at most this fraction of the time (1 in n), however large the repository is. */
const TIME_SHARE = 100;

interface LookOptions {
  readonly all?: boolean;
  readonly files?: readonly string[];
}

/** When something changed: which agents ran, and when it was last seen unchanged. */
interface Moment {
  readonly ran: readonly string[];
  readonly since: number;
}

/**
 * Observes the repository during a run, compares it with the observation before, and records what others have changed, with
 * the tasks whose agents were running in between.
 *
 * Changes that are mostly the user's own work (files, staged changes, branches) are reported at once the first time, and
 * from then on together at the end, so that a user who works during the run does not get a report for every save.
 */
export class Lookout {
  readonly #context: LookoutContext;
  readonly #observer: RepositoryObserver;
  readonly #looks = new SerialQueue();
  #record: RepositoryRecord | undefined;
  /** Tasks that had an agent since the last look. */
  #ran = new Set<string>();
  /** When the last observation was begun that was compared. */
  #unchangedAt = 0;
  /** Who may have moved the target to a commit, by that commit. */
  readonly #movers = new Map<string, Blame>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #tookMs = 0;
  #cancel: (() => void) | undefined;
  readonly #escapes: EscapeWatch;
  readonly #work: WorkReport;
  /** Files that a look was to be made at, and that could not be compared. */
  readonly #files = new Set<string>();

  constructor(context: LookoutContext, observer: RepositoryObserver) {
    this.#context = context;
    this.#observer = observer;
    this.#work = new WorkReport(context);
    this.#escapes = new EscapeWatch(context, observer, {
      ownBranches: () => this.#ownBranches(),
      lookAt: async (files) => {
        await this.look({ files });
      },
    });
  }

  /** The repository as it was at the start of the run; `undefined` if it could not be observed. */
  get start(): RepositoryState | undefined {
    return this.#record?.start;
  }

  /** The first observation of a run. @param observed one that is under way already */
  async begin(observed?: Promise<RepositoryState>): Promise<void> {
    await this.#looks.run(async () => {
      const state = await this.#observe(observed);
      if (state?.unreadable === undefined && state !== undefined) await this.#remember(state, state, state);
    });
  }

  /** The first observation of a resumed run: agents may have been running meanwhile. */
  async resume(): Promise<void> {
    const { log, runId } = this.#context;
    this.#record = await this.#observer.recall(runId);
    for (const [taskId, { phase }] of log.state.tasks) {
      if (phase === 'launching' || phase === 'running') this.agentStarted(taskId);
    }
    await this.look();
  }

  /** Who may have moved the target to a commit. */
  whoMovedTo(tip: string): Promise<Blame> {
    const mover = this.#movers.get(tip);
    return mover ? Promise.resolve(mover) : this.#whoMoved({ ran: [...this.#ran], since: this.#unchangedAt });
  }

  agentStarted(taskId: string): void {
    this.#ran.add(taskId);
    this.#work.ran(taskId);
    this.#escapes.follow();
  }

  /** An agent has ended: observes, unless that was just done or is being done. */
  async agentEnded(): Promise<void> {
    this.#escapes.follow();
    const sinceMs = Math.abs(this.#context.clock.now() - this.#lookedAt);
    const isDue = sinceMs >= Math.max(AFTER_AGENT_MS, this.#tookMs * TIME_SHARE);
    if (isDue && this.#looks.isIdle) await this.look();
  }

  /**
   * Resolves when the observations that were begun so far have ended, and what was noticed so far is on record; what failed
   * of them is not told here.
   */
  async idle(): Promise<void> {
    await this.#escapes.settle();
    await this.#looks.idle();
  }

  /** Watches while agents run, and observes regularly, until {@link stop}. */
  watch(onError: (error: unknown) => void): void {
    this.#escapes.begin(onError);
    this.#observeLater(onError);
  }

  #observeLater(onError: (error: unknown) => void): void {
    const { clock, agents } = this.#context;
    this.#cancel = clock.after(Math.max(INTERVAL_MS, this.#tookMs * TIME_SHARE), () => {
      const looked = agents.taskIds.length === 0 ? Promise.resolve() : this.agentEnded();
      looked.catch(onError).finally(() => {
        if (this.#cancel) this.#observeLater(onError);
      });
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#escapes.stop().catch(() => undefined);
  }

  /**
   * Observes, and records what is new.
   *
   * @param options `all`: also report the user's work since it was last reported; `files`: only these of the user's
   *   checkout may have changed
   * @returns what was observed; `undefined` if that failed
   */
  look({ all = false, files }: LookOptions = {}): Promise<RepositoryState | undefined> {
    return this.#looks.run(async () => {
      const since = this.#unchangedAt;
      const begunAt = this.#context.clock.now();
      const landedTip = this.#landedTip();
      // An agent that starts during the observation has changed nothing of what it sees.
      const ran = this.#ran;
      this.#ran = new Set(this.#context.agents.taskIds);
      const last = this.#record?.last;
      for (const file of files ?? []) this.#files.add(file);
      const only = last && files && { since: last, files: [...this.#files] };
      const seen = await this.#observe(undefined, only);
      // During a landing, files and branch are changing: a comparison would be wrong.
      const isComparable = landedTip !== undefined && landedTip === this.#landedTip();
      if (seen === undefined || last === undefined || !isComparable)
        for (const taskId of ran) this.#ran.add(taskId);
      if (seen === undefined) return undefined;
      if (last === undefined) {
        if (seen.unreadable === undefined) await this.#remember(seen, seen, seen);
        return seen;
      }
      const state =
        seen.unreadable === undefined ? seen : { ...last, config: seen.config, control: seen.control };
      if (isComparable) {
        this.#files.clear();
        this.#unchangedAt = begunAt;
        await this.#compare(last, state, seen, { all, ran: [...ran], since });
      }
      return seen.unreadable === undefined ? state : { ...state, unreadable: seen.unreadable };
    });
  }

  async #compare(
    last: RepositoryState,
    state: RepositoryState,
    seen: RepositoryState,
    { all, ...when }: Moment & { readonly all: boolean },
  ): Promise<void> {
    const { tip } = state.target;
    const isMoved = tip !== null && tip !== last.target.tip && !this.#movers.has(tip);
    if (isMoved) this.#movers.set(tip, await this.#whoMoved(when));
    const { start = state } = this.#record ?? {};
    const since = compareRepository(start, state);
    if (seen.unreadable === undefined) {
      const { findings, landedTip } = this.#context.log.state;
      await recordResolved(this.#context, findPutRight(findings, { start, last }, state, landedTip));
    }
    // What is again as it was at the start has been put right.
    const changes = compareRepository(last, state).filter((change) =>
      since.some((other) => isAbout(change, other)),
    );
    for (const change of changes) await recordBlamed(this.#context, change, await this.#blame(change, when));
    if (seen.unreadable !== undefined)
      await recordChange(this.#context, describeUnreadable(seen.unreadable), when.ran);
    else await this.#judgeTarget(last, state);
    const blameOf = (change: RepositoryChange) => this.#blame(change, when);
    const before = this.#record?.reported ?? state;
    const reported = await this.#work.report(
      { last, state, before, all, mayTellRefs: !this.#isMaking },
      blameOf,
    );
    await this.#remember(start, state, reported);
  }

  #whoMoved(when: Moment): Promise<Blame> {
    const subjects = [`refs/heads/${this.#context.target}`];
    return this.#blame({ kind: 'target', severity: 'info', message: '', subjects }, when);
  }

  #blame(change: RepositoryChange, when: Moment): Promise<Blame> {
    return blameFor(this.#escapes.watch, change, when);
  }

  /** The branch of a workspace that is being made is pwt's own, but its name is not recorded yet. */
  get #isMaking(): boolean {
    const { ready, log } = this.#context;
    return ready.isMaking || [...log.state.tasks.values()].some(({ phase }) => phase === 'dispatched');
  }

  /** Reports a target that no longer contains the tip that this run knew, or that has more commits on top. */
  async #judgeTarget(last: RepositoryState, { target }: RepositoryState): Promise<void> {
    const known = this.#context.log.run.landedTip;
    const { tip } = target;
    if (tip === null || tip === known || tip === last.target.tip) return;
    const blame = await this.whoMovedTo(tip);
    const rewrite = await describeRewrite(this.#context, known, tip);
    if (rewrite !== undefined) return recordBlamed(this.#context, rewrite, blame);
    const { findings } = this.#context.log.state;
    const ref = `refs/heads/${target.branch}`;
    // It contains the known tip again.
    await recordResolved(
      this.#context,
      findings.filter((other) => isOpenError(other) && isAbout({ kind: 'target', subjects: [ref] }, other)),
    );
    await recordAddedCommits(this.#context, known, tip, blame);
  }

  async #remember(start: RepositoryState, last: RepositoryState, reported: RepositoryState): Promise<void> {
    const before = this.#record;
    this.#record = { start, last, reported };
    if (before && before.reported === reported && JSON.stringify(before.last) === JSON.stringify(last))
      return;
    await this.#observer.keep(this.#context.runId, this.#record);
  }

  /** A failed observation is reported, and the run goes on: the merger checks once more before it lands. */
  async #observe(
    observed?: Promise<RepositoryState>,
    only?: ObserveRequest['only'],
  ): Promise<RepositoryState | undefined> {
    const { target, runId, clock } = this.#context;
    const startedAt = clock.now();
    try {
      const ownBranches = this.#ownBranches();
      const state = await (observed ??
        this.#observer.observe({ target, runId, ownBranches, ...defined({ only }) }));
      // Some may have been made meanwhile.
      const own = new Set(this.#ownBranches().map((branch) => `refs/heads/${branch}`));
      const others = Object.entries(state.refs).filter(([ref]) => !own.has(ref));
      return { ...state, refs: Object.fromEntries(others) };
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

  /** The branches of this run's workspaces. */
  #ownBranches(): readonly string[] {
    const { log, ready } = this.#context;
    const ofTasks = [...log.state.tasks.values()].flatMap(({ workspace }) => workspace?.branch ?? []);
    return [...ofTasks, ...ready.branches];
  }

  /** The tip of the target that this run knows of; `undefined` while it moves it. */
  #landedTip(): string | undefined {
    const { landing, landedTip } = this.#context.log.run;
    return landing === undefined ? landedTip : undefined;
  }
}
