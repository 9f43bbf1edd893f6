import {
  type Claim,
  type Diagnostic,
  hasCode,
  isElsewhere,
  isPwtError,
  isSameSighting,
  type LiveWork,
  type Radar,
  type RadarPicture,
  type Sighting,
  type TaskIn,
  type TaskState,
  taskLists,
  taskSighting,
} from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import { reasonOf } from '../../reason-of.js';
import {
  beyondSpecs,
  claimOn,
  knowsScope,
  outsideClaims,
  ownLists,
  plannedClaims,
  SEEN_TO_CHANGE,
} from '../outside-claims.js';
import type { RadarContext } from './radar-context.js';

/** How long nothing is looked at after a look. */
const PAUSE_MS = 2000;

/** Looks take at most this fraction of the time (1 in n), however large the repository is. */
const TIME_SHARE = 12;

/** A task gets at most so many claims by what its agent is seen to change; all of it is audited when the agent ends. */
const MOST_GROWN = 50;

/**
 * Looks at the work of a run while agents are at it, and records what is in its way: the integration tip has changed the same
 * files, another task's work can't be merged with it, or it is not what the task claims. Paths that no other task in flight
 * holds are claimed for it, so that no task is started that would change them, too.
 */
export class RadarWatch {
  readonly #context: RadarContext;
  readonly #radar: Radar;
  /** What each task was seen to change outside of its claims the last time: what is gone at once claims nothing. */
  #outside: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #cancel: (() => void) | undefined;
  #looking: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  #told = new Set<string>();
  #isOff = false;

  constructor(context: RadarContext, radar: Radar) {
    this.#context = context;
    this.#radar = radar;
  }

  /** Looks again and again while agents run, until {@link stop}. */
  watch(onError: (error: unknown) => void, afterMs: number = PAUSE_MS): void {
    if (this.#isOff) return;
    this.#cancel = this.#context.clock.after(afterMs, () => {
      const startedAt = this.#context.clock.now();
      this.#looking = this.look().catch(onError);
      void this.#looking.then(() => {
        const tookMs = this.#context.clock.now() - startedAt;
        if (this.#cancel) this.watch(onError, Math.max(PAUSE_MS, tookMs * TIME_SHARE));
      });
    });
  }

  /** Ends a look that is under way, and forgets what was seen. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#abort.abort();
    await this.#looking;
    await this.#radar.close();
  }

  /** Looks once, and records what is different. What fails is told once, and costs the run nothing. */
  async look(): Promise<void> {
    const { agents, log } = this.#context;
    if (agents.taskIds.length === 0) return;
    this.#abort = new AbortController();
    const { signal: abortSignal } = this.#abort;
    try {
      const works = [...log.state.tasks.values()].flatMap(liveWork);
      const picture = await this.#radar.look({
        ...{ works, onto: log.run.integration, abortSignal },
        lists: taskLists(log.state),
      });
      if (!abortSignal.aborted) await this.#record(picture);
    } catch (error) {
      if (abortSignal.aborted) return;
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      await this.#tell(error);
    }
  }

  async #record({ sightings }: RadarPicture): Promise<void> {
    const { log, options } = this.#context;
    const before = this.#outside;
    const now = new Map<string, ReadonlySet<string>>();
    for (const sighting of sightings.filter(({ unseen }) => unseen === undefined)) {
      const task = log.state.tasks.get(sighting.id);
      if (task === undefined || !isUnderWay(task)) continue;
      const allowed = [...options.alwaysAllowed, ...ownLists(log.state, task.task)];
      const unclaimed = outsideClaims(sighting.changes, plannedClaims(task.claims), allowed);
      now.set(sighting.id, new Set(unclaimed));
      const outside = knowsScope(task.claims) ? beyondSpecs(unclaimed, task.task) : [];
      this.#recordSighting(task, sighting, outside);
      const stable = unclaimed.filter((path) => before.get(sighting.id)?.has(path));
      await this.#grow(task, stable);
    }
    this.#outside = now;
  }

  #recordSighting(task: UnderWay, seen: Sighting, outside: readonly string[]): void {
    const sighting = taskSighting(seen, outside);
    if (isSameSighting(task.sighting, sighting)) return;
    this.#context.log.note({ type: 'work-sighted', taskId: seen.id, sighting });
  }

  /** Claims paths that no other task in flight holds. */
  async #grow({ task, claims }: TaskState, paths: readonly string[]): Promise<void> {
    const { log, scheduler } = this.#context;
    const known = new Set(claims.filter(({ mode }) => mode !== 'read').map(({ pattern }) => pattern));
    const room = MOST_GROWN - claims.filter(({ rule }) => rule === SEEN_TO_CHANGE).length;
    const isFree = (claim: Claim) =>
      !known.has(claim.pattern) &&
      tryParsePattern(claim.pattern).ok &&
      scheduler.holdersOf([claim], task.id).length === 0;
    const grown = paths
      .map((path) => claimOn(path, SEEN_TO_CHANGE))
      .filter(isFree)
      .slice(0, Math.max(0, room));
    if (grown.length > 0) await log.append({ type: 'claims-grown', taskId: task.id, grown });
  }

  async #tell(error: unknown): Promise<void> {
    const reason = reasonOf(error);
    // No later look would do better.
    if (hasCode(error, 'PWT_GIT_TOO_OLD')) this.#isOff = true;
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    const hint = isPwtError(error) ? error.hint : undefined;
    const diagnostic: Diagnostic = {
      code: hasCode(error, 'PWT_GIT_TOO_OLD') ? 'PWT_GIT_TOO_OLD' : 'PWT_RADAR_FAILED',
      severity: 'warning',
      message: `The radar can't see where running tasks collide: ${reason}`,
      ...(hint === undefined ? {} : { hint }),
    };
    await this.#context.log.append({ type: 'warning', diagnostic });
  }
}

type UnderWay = TaskIn<'running' | 'exited' | 'collected' | 'audited'>;

function isUnderWay(task: TaskState): task is UnderWay {
  return ['running', 'exited', 'collected', 'audited'].includes(task.phase);
}

/** The work of a task that is neither integrated nor rejected, if it can be looked at from here. */
function liveWork(task: TaskState): LiveWork[] {
  if (!isUnderWay(task) || task.workspaceGone === true || isElsewhere(task.workspace)) return [];
  return [{ id: task.task.id, path: task.workspace.path }];
}
