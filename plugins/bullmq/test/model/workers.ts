import type { AttemptKey } from '../../src/protocol/operations.js';
import type { ModelExchange } from './model-exchange.js';
import { nameOf } from './parts.js';

type StageOfWork = 'working' | 'finished' | 'told' | 'late' | 'refused';

/** The workers and the queue, as the model has them; what they push goes to the exchange. */
export class Workers {
  readonly #exchange: ModelExchange;
  readonly #held = new Map<string, StageOfWork>();
  readonly #jobs = new Set<string>();
  readonly #answers = new Set<string>();

  constructor(exchange: ModelExchange) {
    this.#exchange = exchange;
  }

  ask(attempt: AttemptKey): void {
    this.#jobs.add(nameOf(attempt));
  }

  isAnswered(attempt: AttemptKey): boolean {
    return this.#answers.has(nameOf(attempt));
  }

  forget(): void {
    this.#jobs.clear();
    this.#answers.clear();
  }

  deliver(worker: string, attempt: AttemptKey): void {
    if (!this.#jobs.has(nameOf(attempt))) throw new Error(`there is no job ${nameOf(attempt)}`);
    this.#change(worker, attempt, undefined, 'working');
  }

  finish(worker: string, attempt: AttemptKey): void {
    this.#change(worker, attempt, 'working', 'finished');
  }

  async push(worker: string, attempt: AttemptKey, { tells }: { readonly tells: boolean }): Promise<void> {
    const pushed = await this.#exchange.publish(worker, attempt);
    if (!tells) return this.#change(worker, attempt, 'finished', 'finished');
    this.#change(worker, attempt, 'finished', pushed === 'published' ? 'told' : 'late');
    if (pushed === 'published') this.#answers.add(nameOf(attempt));
  }

  tellAgain(attempt: AttemptKey): void {
    this.#answers.add(nameOf(attempt));
  }

  /** Whether the worker has begun with it. If not, it never will. */
  attach(worker: string, attempt: AttemptKey): boolean {
    const key = `${nameOf(attempt)}/${worker}`;
    if (this.#held.has(key)) return true;
    this.#held.set(key, 'refused');
    return false;
  }

  #change(worker: string, attempt: AttemptKey, from: StageOfWork | undefined, to: StageOfWork): void {
    const key = `${nameOf(attempt)}/${worker}`;
    const now = this.#held.get(key);
    if (now !== from) throw new Error(`${key} is ${now}, and not ${from}`);
    this.#held.set(key, to);
  }
}
