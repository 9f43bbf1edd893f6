import type { Inbox, InboxMessage } from '../src/index.js';

/** An inbox in memory: what is put there while nobody looks stays. */
export class TestInbox implements Inbox {
  readonly messages = new Map<string, InboxMessage | undefined>();
  readonly #listeners = new Set<() => void>();
  #count = 0;

  put(message: InboxMessage | undefined): void {
    this.#count += 1;
    this.messages.set(String(this.#count), message);
    for (const listener of this.#listeners) listener();
  }

  async read() {
    return [...this.messages].map(([id, message]) => ({ id, message }));
  }

  async remove(id: string) {
    this.messages.delete(id);
  }

  watch(onChange: () => void) {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }
}
