import {
  type FollowedAgent,
  hasCode,
  isElsewhere,
  type RepositoryObserver,
  type RepositoryWatch,
} from '@pwt/core';
import { reasonOf } from '../../reason-of.js';
import { recordFinding } from '../findings.js';
import { warn } from '../warn.js';
import { blindWarning } from './blind-warning.js';
import { intrusionFinding } from './intrusion.js';
import type { LookoutContext } from './lookout-context.js';

/** Notices that come while a look is made, and right after it, share the next one. */
const BETWEEN_MS = 250;

/** Looks for which there is a notice take at most this fraction of the time (1 in n), but come within a second. */
const TIME_SHARE = 20;
const LATEST_MS = 1000;

/** Where a look for a notice comes from. */
export interface NoticedLooks {
  ownBranches(): readonly string[];
  /** @param files of the user's checkout; others are taken to be as they were */
  lookAt(files: readonly string[]): Promise<void>;
}

/**
 * Keeps the observer's watch up to date on which agents run, and looks when it notices something. Without such a watch
 * it does nothing; what it does not see, or that it can't be opened, is a warning. The regular looks go on.
 */
export class EscapeWatch {
  readonly #context: LookoutContext;
  readonly #observer: RepositoryObserver;
  readonly #looks: NoticedLooks;
  readonly #files = new Set<string>();
  #watch: RepositoryWatch | undefined;
  #onError: (error: unknown) => void = () => undefined;
  #opening: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #recording: Promise<unknown> = Promise.resolve();
  #tookMs = 0;
  #isNoticed = false;
  #stopped = false;

  constructor(context: LookoutContext, observer: RepositoryObserver, looks: NoticedLooks) {
    this.#context = context;
    this.#observer = observer;
    this.#looks = looks;
  }

  /** The watch, once it is open. */
  get watch(): RepositoryWatch | undefined {
    return this.#watch;
  }

  begin(onError: (error: unknown) => void): void {
    this.#onError = onError;
    this.#opening ??= this.#open().catch((error: unknown) => this.#failed(error));
  }

  /** To be called when an agent has started or ended. */
  follow(): void {
    this.#watch?.follow(this.#agents());
  }

  /** Resolves when all that was noticed so far is on record. */
  async settle(): Promise<void> {
    await this.#opening;
    await this.#watch?.settle();
    await this.#recording;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancel?.();
    await this.#opening;
    await this.#watch?.stop();
  }

  async #open(): Promise<void> {
    const { target, runId } = this.#context;
    const watch = await this.#observer.watch?.({
      target,
      runId,
      ownBranches: () => this.#looks.ownBranches(),
      onNotice: ({ files }) => this.#noticed(files),
      onIntrusion: (intrusion) => this.#record(recordFinding(this.#context, intrusionFinding(intrusion))),
      onBlind: (blind) => this.#record(warn(this.#context, blindWarning(blind))),
    });
    this.#watch = watch;
    if (this.#stopped) await watch?.stop();
    else this.follow();
  }

  /** The first notice is looked at right away; those that come shortly after share the next look. */
  #noticed(files: readonly string[]): void {
    for (const file of files) this.#files.add(file);
    this.#isNoticed = true;
    if (this.#cancel === undefined && !this.#stopped) this.#lookNow();
  }

  #lookNow(): void {
    this.#isNoticed = false;
    this.#record(this.#look());
    const wait = Math.min(LATEST_MS, Math.max(BETWEEN_MS, this.#tookMs * TIME_SHARE));
    this.#cancel = this.#context.clock.after(wait, () => {
      this.#cancel = undefined;
      if (this.#isNoticed && !this.#stopped) this.#lookNow();
    });
  }

  async #look(): Promise<void> {
    const files = [...this.#files];
    this.#files.clear();
    const { clock } = this.#context;
    const startedAt = clock.now();
    await this.#looks.lookAt(files);
    this.#tookMs = Math.max(0, clock.now() - startedAt);
  }

  #record(recorded: Promise<unknown>): void {
    const kept = recorded.catch((error: unknown) => this.#failed(error));
    this.#recording = Promise.all([this.#recording, kept]);
  }

  /** Without its log a run can't go on; without this watch it can. */
  async #failed(error: unknown): Promise<void> {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) return this.#onError(error);
    const blind = { status: 'failed', reason: reasonOf(error) } as const;
    await warn(this.#context, blindWarning(blind)).catch((again: unknown) => this.#onError(again));
  }

  #agents(): FollowedAgent[] {
    const { agents, log } = this.#context;
    return agents.taskIds.flatMap((taskId) => {
      const { workspace, claims, stateDir } = log.task(taskId);
      if (workspace === undefined || stateDir === undefined || isElsewhere(workspace)) return [];
      const mark = agents.get(taskId)?.run.details?.mark;
      return [{ taskId, workspace, claims, stateDir, ...(typeof mark === 'string' && { mark }) }];
    });
  }
}
