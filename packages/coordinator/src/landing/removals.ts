import { WakeUp } from '../run/wake-up.js';

/** Up to so many landed workspaces, agents that are being started have the machine first. */
const PATIENT_WITH = 4;

/** How many landed workspaces may wait to be removed, if not more than that land in one go. */
const MOST_WAITING = 16;

/** How many are removed at the same time when they do not keep up one by one. */
const AT_ONCE = 2;

/**
 * The landed workspaces that are still there. Their removal lets agents start first, but not without end: with more
 * than a few of them it takes its turn, and with too many nothing further lands before some are gone.
 */
export class Removals {
  readonly #waiting: string[] = [];
  readonly #left = new WakeUp();
  #underWay = 0;
  #hurried = 0;
  #onPressing: (() => void)[] = [];

  /** How many are still there, as far as this process has landed them. */
  get count(): number {
    return this.#waiting.length + this.#underWay;
  }

  add(taskIds: readonly string[]): void {
    this.#waiting.push(...taskIds);
    this.#notify();
  }

  /** Forgets those that were not taken yet. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** The next one to remove, which calls for {@link done}; `undefined` if there is none, or enough is under way. */
  take(): string | undefined {
    const most = this.#isPressing ? AT_ONCE : 1;
    const taskId = this.#underWay < most ? this.#waiting.shift() : undefined;
    if (taskId !== undefined) this.#underWay += 1;
    return taskId;
  }

  done(): void {
    this.#underWay -= 1;
    this.#left.notify();
  }

  /** Resolves when it is time to remove: nothing is being started, or too many wait. */
  async turn(quiet: Promise<void>): Promise<void> {
    if (this.#isPressing) return;
    const pressing = new Promise<void>((resolve) => {
      this.#onPressing.push(resolve);
    });
    await Promise.race([quiet, pressing]);
  }

  /**
   * Resolves when so many more may land. Meanwhile removals wait for nothing.
   *
   * @param remove takes one that waits and removes it; false if it found none to take
   */
  async roomFor(landing: number, remove: () => Promise<boolean>): Promise<void> {
    this.#hurried += 1;
    this.#notify();
    try {
      while (this.count > Math.max(0, MOST_WAITING - landing)) if (!(await remove())) await this.#left.wait();
    } finally {
      this.#hurried -= 1;
    }
  }

  get #isPressing(): boolean {
    return this.#hurried > 0 || this.count > PATIENT_WITH;
  }

  #notify(): void {
    if (this.#isPressing) for (const resolve of this.#onPressing.splice(0)) resolve();
  }
}
