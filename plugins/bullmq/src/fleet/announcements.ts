import { keys, requirementId, sharedQueue } from '../protocol/names.js';
import type { Requirement } from '../protocol/requirement.js';
import type { RedisConnections } from '../redis/connections.js';
import { keepQueue } from '../redis/keep-queue.js';

/** What workers have to meet, said again at each beat: whoever does not need it any more just falls silent. */
export class Announcements {
  readonly #redis: RedisConnections;
  readonly #queue: string;
  readonly #texts = new Map<
    string,
    { readonly text: string; readonly queue: string; readonly of: Requirement }
  >();

  constructor(redis: RedisConnections, queue: string) {
    this.#redis = redis;
    this.#queue = queue;
  }

  /** What was announced under an id. */
  of(id: string): Requirement | undefined {
    return this.#texts.get(id)?.of;
  }

  /** Says it at once, and from now on. */
  async add(requirement: Requirement): Promise<void> {
    const id = requirementId(requirement);
    if (this.#texts.has(id)) return;
    const text = JSON.stringify(requirement);
    this.#texts.set(id, { text, queue: sharedQueue(this.#queue, requirement), of: requirement });
    await this.sayAll();
    await this.#redis.commands.publish(keys.news(this.#queue), id);
  }

  /** After Redis was lost: it may have forgotten all of it. */
  async sayAgain(): Promise<void> {
    if (this.#texts.size === 0) return;
    await this.sayAll();
    await this.#redis.commands.publish(keys.news(this.#queue), 'again');
  }

  async sayAll(): Promise<void> {
    if (this.#texts.size === 0) return;
    const saying = this.#redis.commands.multi();
    const { presenceMs, pollMs } = this.#redis.timings;
    saying.sadd(keys.requirements(this.#queue), ...this.#texts.keys());
    for (const [id, { text, queue }] of this.#texts) {
      saying.set(keys.requirement(this.#queue, id), text, 'PX', 3 * Math.max(presenceMs, pollMs));
      keepQueue(saying, queue);
    }
    await saying.exec();
  }
}
