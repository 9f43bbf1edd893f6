import { readFileSync } from 'node:fs';
import {
  type ConflictedPath,
  hasCode,
  type Radar,
  type RadarPicture,
  type RadarRequest,
  type Sighting,
  throwIfAborted,
} from '@pwt/core';
import { type Git, type MergedPair, objectsOf, Quarantine, requireGitVersion } from '@pwt/git';
import { Checkout, type CheckoutContext, type CheckoutState } from './checkout/checkout.js';
import { readReadingConfig } from './checkout/conversion.js';
import { WatchBudget } from './checkout/folder-watch.js';
import { eachOf } from './checkout/pool.js';
import { Folders } from './checkout/trees.js';
import { collisionOf, type SeenWork, sightingOf, stalenessOf } from './judge.js';
import { KnownMerges, type MergeQuestion } from './known-merges.js';
import { pairsThatMayCollide } from './may-collide.js';
import { OwnChanges, type SinceBase } from './own-changes.js';
import { type Place, Places } from './places.js';

export interface GitRadarOptions {
  /** Git in the repository. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /**
   * Watch folders, so that the next look reads only what has moved. Without it, each look lets git look at everything.
   * @default false
   */
  readonly watch?: boolean;
  /** How long one look may spend on checkouts at which git has to look as a whole; the others are for the next look. @default no limit */
  readonly scanMs?: number;
  /** How long the merges of one look may take; the others are for the next look. @default no limit */
  readonly mergeMs?: number;
}

/** The oldest git that merges in memory. */
const MINIMUM_GIT = '2.38';

/** A quarantine with more bytes than this is emptied. */
const MOST_QUARANTINED = 64 * 1024 * 1024;

/** How many checkouts are looked at at the same time. */
const CHECKOUTS_AT_ONCE = 4;

/** Sees with git where works in worktrees of one repository collide. */
export class GitRadar implements Radar {
  readonly name = 'git-radar';
  readonly #options: GitRadarOptions;
  readonly #changes: OwnChanges;
  readonly #merges: KnownMerges;
  readonly #checkouts = new Map<string, Checkout>();
  readonly #folders = new Folders();
  readonly #places: Places;
  /** Why a checkout could not be looked at the last time, by the id of its work. */
  readonly #failures = new Map<string, string>();
  readonly #since = new WeakMap<
    CheckoutState,
    { readonly onto: string; readonly since: SinceBase | undefined }
  >();
  readonly #onTip = new WeakMap<SinceBase, boolean>();
  /** The last whole picture, and of what it is. */
  #last: { readonly key: string; readonly picture: RadarPicture } | undefined;
  #context: Promise<CheckoutContext> | undefined;
  #quarantine: Quarantine | undefined;
  /** The checkout with which the next look goes on that has to look as a whole. */
  #turn = 0;

  constructor(options: GitRadarOptions) {
    this.#options = options;
    this.#changes = new OwnChanges(options.git, objectsOf(options.git));
    this.#places = new Places(options.git, options.commonDir);
    this.#merges = new KnownMerges(options.git, options.mergeMs);
  }

  /** @throws PWT_GIT_TOO_OLD */
  async check(): Promise<void> {
    requireGitVersion(await this.#options.git.version(), MINIMUM_GIT, 'the radar, which merges in memory');
  }

  async look(request: RadarRequest): Promise<RadarPicture> {
    throwIfAborted(request.abortSignal);
    const startedAt = performance.now();
    await this.check();
    const { works, onto, lists, abortSignal } = request;
    const quarantine = await this.#openQuarantine();
    const places = await this.#places.of(works);
    const context = await this.#contextOf();
    this.#forgetAllBut(places);
    const { moved, isPartial } = await this.#lookAt(context, places, quarantine, abortSignal);
    const key = JSON.stringify([onto, works, lists, [...this.#failures], [...places.values()].map(placeKey)]);
    if (moved === 0 && !isPartial && this.#last?.key === key) {
      return { ...this.#last.picture, moved, merges: 0, durationMs: performance.now() - startedAt };
    }
    const seen = new Map<string, SeenWork | string>();
    for (const { id } of works) seen.set(id, await this.#seen(id, places.get(id), onto));
    throwIfAborted(abortSignal);
    const { sightings, tried, isComplete } = await this.#judge(seen, onto, quarantine, request);
    const picture = {
      ...{ onto, sightings, moved, merges: tried },
      isPartial: isPartial || !isComplete,
      durationMs: performance.now() - startedAt,
    };
    this.#last = picture.isPartial ? undefined : { key, picture };
    return picture;
  }

  async close(): Promise<void> {
    for (const checkout of this.#checkouts.values()) checkout.close();
    this.#checkouts.clear();
    const quarantine = this.#quarantine;
    this.#quarantine = undefined;
    this.#context = undefined;
    this.#last = undefined;
    await quarantine?.close();
  }

  async #openQuarantine(): Promise<Quarantine> {
    if (this.#quarantine && this.#quarantine.bytes > MOST_QUARANTINED) {
      await this.#quarantine.close();
      this.#quarantine = undefined;
      for (const checkout of this.#checkouts.values()) checkout.forget();
    }
    this.#quarantine ??= await Quarantine.open(this.#options.commonDir);
    return this.#quarantine;
  }

  #contextOf(): Promise<CheckoutContext> {
    this.#context ??= this.#makeContext();
    return this.#context;
  }

  async #makeContext(): Promise<CheckoutContext> {
    const { git, commonDir, watch = false } = this.#options;
    const config = await readReadingConfig(git);
    const shared = { git, commonDir, config, folders: this.#folders };
    return watch ? { ...shared, watches: new WatchBudget(mostWatches()) } : shared;
  }

  #forgetAllBut(places: ReadonlyMap<string, Place | string>): void {
    for (const [id, checkout] of this.#checkouts) {
      const place = places.get(id);
      if (typeof place === 'object' && place.path === checkout.path) continue;
      checkout.close();
      this.#checkouts.delete(id);
      this.#failures.delete(id);
    }
  }

  /** Looks at what has moved in the checkouts; those that only a look as a whole tells of take turns. */
  async #lookAt(
    context: CheckoutContext,
    places: ReadonlyMap<string, Place | string>,
    quarantine: Quarantine,
    abortSignal: AbortSignal | undefined,
  ): Promise<{ readonly moved: number; readonly isPartial: boolean }> {
    const { scanMs = Number.POSITIVE_INFINITY } = this.#options;
    const all = [...places].flatMap(([id, place]) =>
      typeof place === 'object' && place.headCommit !== null ? [{ id, place, head: place.headCommit }] : [],
    );
    const turned = [...all.slice(this.#turn % all.length), ...all.slice(0, this.#turn % all.length)];
    const startedAt = performance.now();
    let scanned = 0;
    const mayScan = (): boolean => {
      const may = performance.now() - startedAt < scanMs;
      if (may) scanned += 1;
      return may;
    };
    const look = async ({ id, place, head }: (typeof all)[number]): Promise<boolean> => {
      throwIfAborted(abortSignal);
      const checkout = this.#checkouts.get(id) ?? new Checkout(context, { ...place, head });
      this.#checkouts.set(id, checkout);
      return this.#lookAtOne(id, () => checkout.look(head, quarantine, mayScan));
    };
    const needScan = turned.filter(({ id }) => this.#checkouts.get(id)?.needsScan ?? true);
    const others = turned.filter((one) => !needScan.includes(one));
    const found = await eachOf(others, look, CHECKOUTS_AT_ONCE);
    // Where there is a limit, one after the other: how long one takes is known after it.
    const width = scanMs === Number.POSITIVE_INFINITY ? CHECKOUTS_AT_ONCE : 1;
    found.push(...(await eachOf(needScan, look, width)));
    const isPartial = all.some(({ id }) => this.#checkouts.get(id)?.isBehind);
    this.#turn = all.length === 0 ? 0 : (this.#turn + scanned) % all.length;
    return { moved: found.filter(Boolean).length, isPartial };
  }

  /** What changes while git looks at it may fail: that says nothing of the others, and the next look tries again. */
  async #lookAtOne(id: string, look: () => Promise<boolean>): Promise<boolean> {
    this.#failures.delete(id);
    try {
      return await look();
    } catch (error) {
      if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
      this.#failures.set(id, error.message);
      return false;
    }
  }

  async #seen(id: string, place: Place | string | undefined, onto: string): Promise<SeenWork | string> {
    if (typeof place !== 'object') return place ?? 'it has no checkout';
    const failure = this.#failures.get(id);
    if (failure !== undefined) return failure;
    const state = this.#checkouts.get(id)?.state;
    if (state === undefined) return place.headCommit === null ? 'it has no commit yet' : 'not looked at yet';
    const since = await this.#sinceBase(state, onto);
    return since === undefined ? 'it shares no commit with the tip' : { id, since };
  }

  /** Asked in every look, and the same until one of both moves. */
  async #sinceBase(state: CheckoutState, onto: string): Promise<SinceBase | undefined> {
    const known = this.#since.get(state);
    if (known?.onto === onto) return known.since;
    const since = await this.#changes.since(state, onto);
    this.#since.set(state, { onto, since });
    return since;
  }

  #mayConflict(since: SinceBase): boolean {
    const known = this.#onTip.get(since) ?? pairsThatMayCollide([since.work, since.tip]).length > 0;
    this.#onTip.set(since, known);
    return known;
  }

  async #judge(
    seen: ReadonlyMap<string, SeenWork | string>,
    onto: string,
    quarantine: Quarantine,
    request: Pick<RadarRequest, 'lists' | 'abortSignal'>,
  ) {
    const works = [...seen.values()].filter((work) => typeof work === 'object');
    const onTip = works.map(({ since }) => this.#mayConflict(since));
    const pairs = pairsThatMayCollide(works.map(({ since }) => since.work));
    const commitOf = async (at: number) =>
      (await this.#checkouts.get(works[at]?.id ?? '')?.commit(quarantine)) ?? '';
    const questions: Question[] = [];
    for (const [a, work] of works.entries())
      if (onTip[a]) questions.push({ a, about: work.id, ours: onto, theirs: await commitOf(a) });
    for (const [a, b] of pairs) {
      const about = `${works[a]?.id}\n${works[b]?.id}`;
      questions.push({ a, b, about, ours: await commitOf(a), theirs: await commitOf(b) });
    }
    const { answers, tried, isComplete } = await this.#merges.ask(questions, onto, quarantine, request);
    const withTip = new Map<number, MergedPair | undefined>();
    const colliding = works.map(() => new Map<string, readonly ConflictedPath[]>());
    for (const [at, { a, b }] of questions.entries()) {
      const [work, other] = [works[a], b === undefined ? undefined : works[b]];
      if (b === undefined) withTip.set(a, answers[at]);
      if (b === undefined || work === undefined || other === undefined) continue;
      const paths = collisionOf(work, other, answers[at]);
      if (paths.length === 0) continue;
      colliding[a]?.set(other.id, paths);
      colliding[b]?.set(work.id, paths);
    }
    const byId = new Map(
      works.map((work, at) => {
        const stale = stalenessOf(work, withTip.get(at));
        return [work.id, sightingOf(work, stale, colliding[at] ?? new Map())] as const;
      }),
    );
    const sightings = [...seen].map(
      ([id, work]): Sighting =>
        typeof work === 'string'
          ? { id, changes: [], colliding: [], unseen: work }
          : (byId.get(id) ?? { id, changes: [], colliding: [] }),
    );
    return { sightings, tried, isComplete };
  }
}

/** Two works to merge by their numbers; without `b`, one with the tip. */
interface Question extends MergeQuestion {
  readonly a: number;
  readonly b?: number;
}

function placeKey(place: Place | string): string {
  return typeof place === 'string' ? place : `${place.path} ${place.headCommit}`;
}

/** How many watches are left to the user's other programs, where the system gives that many. */
const OTHERS_WATCHES = 50_000;

/** Others need watches, too: what is left of the system's limit, and where that is small, a third of it. */
function mostWatches(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  try {
    const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8')) || 0;
    return Math.floor(Math.max(limit / 3, limit - OTHERS_WATCHES));
  } catch {
    return 0;
  }
}
