interface Waiting {
  readonly alone: boolean;
  readonly begin: () => void;
}

/** The actions of one key. */
interface Line {
  running: number;
  /** True while the one that is running runs alone. */
  alone: boolean;
  readonly waiting: Waiting[];
}

/**
 * Runs actions with the same key in the order of the calls: some beside each other, up to a number, and others alone, when
 * all before them have ended and before any after them begins.
 */
export class KeyedTurns {
  readonly #most: number;
  readonly #lines = new Map<string, Line>();

  /** @param most how many run beside each other; at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  beside<T>(key: string, action: () => Promise<T>): Promise<T> {
    return this.#run(key, false, action);
  }

  alone<T>(key: string, action: () => Promise<T>): Promise<T> {
    return this.#run(key, true, action);
  }

  async #run<T>(key: string, alone: boolean, action: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { running: 0, alone: false, waiting: [] };
    this.#lines.set(key, line);
    await new Promise<void>((begin) => {
      line.waiting.push({ alone, begin });
      this.#beginNext(line);
    });
    try {
      return await action();
    } finally {
      line.running -= 1;
      this.#beginNext(line);
      if (line.running === 0) this.#lines.delete(key);
    }
  }

  #beginNext(line: Line): void {
    for (let [next] = line.waiting; next !== undefined; [next] = line.waiting) {
      const isFree = line.running === 0 || !(next.alone || line.alone || line.running >= this.#most);
      if (!isFree) return;
      line.waiting.shift();
      line.running += 1;
      line.alone = next.alone;
      next.begin();
    }
  }
}
