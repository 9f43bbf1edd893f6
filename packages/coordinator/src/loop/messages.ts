import type { Inbox } from '../inbox/message.js';
import type { RunContext } from '../run/run-context.js';
import { type TakeBack, takeMessages } from './take-messages.js';

interface MessagesOptions {
  readonly takeBack: TakeBack;
  readonly onTaken: () => void;
  readonly onError: (error: unknown) => void;
}

/** Follows the inbox of a run while it is driven: one look after the other. */
export class Messages {
  readonly #context: RunContext;
  readonly #inbox: Inbox | undefined;
  readonly #takeBack: TakeBack;
  readonly #onTaken: () => void;
  readonly #onError: (error: unknown) => void;
  #looking: Promise<void> | undefined;
  #isDue = false;
  #stopWatching: (() => void) | undefined;

  constructor(
    context: RunContext,
    inbox: Inbox | undefined,
    { takeBack, onTaken, onError }: MessagesOptions,
  ) {
    this.#context = context;
    this.#inbox = inbox;
    this.#takeBack = takeBack;
    this.#onTaken = onTaken;
    this.#onError = onError;
  }

  /** Resolves when what was there is taken. */
  async start(): Promise<void> {
    this.#stopWatching = this.#inbox?.watch(() => this.#look());
    this.#look();
    await this.#looking;
  }

  /** Takes what is there, and nothing after that before it is started again. */
  async takeLast(): Promise<void> {
    this.#endWatch();
    this.#look();
    await this.#looking;
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#endWatch();
    this.#isDue = false;
    await this.#looking;
  }

  #endWatch(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #look(): void {
    this.#isDue = true;
    this.#looking ??= this.#lookWhileDue()
      .catch(this.#onError)
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #lookWhileDue(): Promise<void> {
    while (this.#isDue && this.#inbox !== undefined) {
      this.#isDue = false;
      await takeMessages(this.#context, this.#inbox, this.#takeBack);
      this.#onTaken();
    }
  }
}
