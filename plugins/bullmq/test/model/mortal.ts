import type { Journal, JournalStore, RunEvent } from '@pwt/core';

/** What belongs to one process of the coordinator: once it is dead, nothing that it calls happens, and nothing answers it. */
export class Mortal {
  #isDead = false;

  die(): void {
    this.#isDead = true;
  }

  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (this.#isDead) return never();
          const result: unknown = value.apply(object, args);
          return result instanceof Promise ? this.#answered(result) : result;
        };
      },
    });
  }

  /** @param onWritten called with each event that is written while the process lives */
  wrapJournals(store: JournalStore, onWritten: (event: RunEvent) => void): JournalStore {
    const open = async (runId: string): Promise<Journal> => {
      const journal = await store.open(runId);
      const append = (event: RunEvent) => {
        onWritten(event);
        return journal.append(event);
      };
      return this.wrap({ append, close: () => journal.close() });
    };
    return this.wrap({
      name: store.name,
      open,
      read: (runId) => store.read(runId),
      list: () => store.list(),
    });
  }

  async #answered<T>(result: Promise<T>): Promise<T> {
    try {
      const answer = await result;
      return this.#isDead ? never() : answer;
    } catch (error) {
      if (this.#isDead) return never();
      throw error;
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
