import { performance } from 'node:perf_hooks';
import { keys, NAME } from '../protocol/names.js';
import { parseOwn } from '../protocol/parse-own.js';
import { presenceSchema, type WorkerPresence } from '../protocol/presence.js';
import type { RedisConnections } from '../redis/connections.js';
import { Silence } from './silence.js';

/** What workers say of themselves, as a coordinator reads it. */
export class Presences {
  readonly #redis: RedisConnections;
  readonly #queue: string;
  readonly #silence: Silence;
  readonly #known = new Map<string, WorkerPresence>();
  readonly #watched = new Set<string>();
  #there: readonly WorkerPresence[] = [];
  #reading: Promise<void> | undefined;

  constructor(redis: RedisConnections, queue: string) {
    this.#redis = redis;
    this.#queue = queue;
    this.#silence = new Silence(3 * redis.timings.pollMs);
    redis.onLost(() => this.#silence.interrupt());
  }

  /** Those that were there when they were last read. */
  get there(): readonly WorkerPresence[] {
    return this.#there;
  }

  /** Those that took such tasks and have gone without a word: they may come back. */
  goneThatServed(requirement: string): readonly string[] {
    const there = new Set(this.#there.map(({ id }) => id));
    return [...this.#known.values()]
      .filter(({ id, state, serves }) => state === 'ready' && !there.has(id) && serves.includes(requirement))
      .map(({ id }) => id);
  }

  lastKnown(worker: string): WorkerPresence | undefined {
    return this.#known.get(worker);
  }

  /** Its silence is counted from the next reading on, whether it was ever there or not. */
  watch(worker: string): void {
    this.#watched.add(worker);
  }

  isLost(worker: string): boolean {
    return this.#silence.silentMs(worker) >= this.#redis.timings.lostAfterMs;
  }

  /** Waits for Redis, if need be. Two at the same time are one. */
  read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { commands } = this.#redis;
    const set = keys.workers(this.#queue);
    const listed = (await commands.smembers(set)).filter((id) => NAME.test(id));
    const asked = [...new Set([...listed, ...this.#watched, ...this.#known.keys()])].sort();
    const there = new Map<string, WorkerPresence>();
    if (asked.length > 0) {
      const texts = await commands.mget(asked.map((id) => keys.worker(this.#queue, id)));
      asked.forEach((id, index) => {
        const presence = parseOwn(texts[index], presenceSchema);
        if (presence?.id === id) there.set(id, presence);
      });
    }
    // A worker adds itself again with whatever it says.
    const silent = listed.filter((id) => !there.has(id));
    if (silent.length > 0) await commands.srem(set, ...silent);
    this.#silence.look(performance.now(), asked, there);
    for (const [id, presence] of there) this.#known.set(id, presence);
    this.#there = [...there.values()];
  }
}
