import type { AttemptKey } from '../../src/protocol/operations.js';
import type { ModelExchange } from './model-exchange.js';
import { nameOf } from './parts.js';

const exit = { kind: 'exited', exitCode: 0, durationMs: 1 } as const;

/** The refs of an exchange, and nothing else of it: what a fence may be tried with in a moment. */
export class MemoryExchange implements ModelExchange {
  readonly #refs = new Map<string, string>();
  readonly #late = new Set<string>();

  async publish(worker: string, attempt: AttemptKey): Promise<'published' | 'taken'> {
    const name = nameOf(attempt);
    const there = this.#refs.get(name);
    if (there === undefined) this.#refs.set(name, worker);
    if (there === undefined || there === worker) return 'published';
    this.#late.add(`${name}/${worker}`);
    return 'taken';
  }

  async giveUp(attempt: AttemptKey) {
    const name = nameOf(attempt);
    const there = this.#refs.get(name);
    if (there === undefined) this.#refs.set(name, 'tombstone');
    return there === undefined || there === 'tombstone' ? 'given-up' : { worker: there, exit };
  }

  async result(attempt: AttemptKey) {
    const worker = this.#refs.get(nameOf(attempt));
    if (worker === undefined) throw new Error(`there is no result of ${nameOf(attempt)}`);
    return { worker, exit };
  }

  async observe() {
    return { refs: Object.fromEntries(this.#refs), late: [...this.#late].sort() };
  }
}
