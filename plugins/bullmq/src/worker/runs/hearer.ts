import type { RunProgress } from '../../protocol/operations.js';
import { together } from './message.js';

export type Listener = (progress: RunProgress) => Promise<void>;

/** One who is told what an agent does, one message at a time. What could not be told comes with the next one. */
export class Hearer {
  readonly #listener: Listener;
  readonly #onTrouble: (error: unknown) => void;
  #missed: RunProgress | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(listener: Listener, onTrouble: (error: unknown) => void) {
    this.#listener = listener;
    this.#onTrouble = onTrouble;
  }

  tell(message: RunProgress): Promise<void> {
    this.#turn = this.#turn.then(() => this.#tell(message));
    return this.#turn;
  }

  async #tell(message: RunProgress): Promise<void> {
    const whole = this.#missed === undefined ? message : together(this.#missed, message);
    this.#missed = whole;
    try {
      await this.#listener(whole);
      this.#missed = undefined;
    } catch (error) {
      this.#onTrouble(error);
    }
  }
}
