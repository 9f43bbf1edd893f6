import { WakeUp } from '../run/wake-up.js';

/** Up to this many landed workspaces, agents that are being started go first. */
const PATIENT_WITH = 4;

/** How many landed workspaces may wait for their removal, unless more land together. */
const MOST_WAITING = 16;

/** How many are removed at the same time when one at a time is too slow. */
const AT_ONCE = 2;

/** How many are removed at the same time at the end of a run. */
export const AT_THE_END = 3;

/**
 * The landed workspaces that are still there, on one machine. While they are few, agents that are being started go first. With more,
 * removals wait no longer; with too many, landings wait until some are removed.
 */
export class Removals {
  readonly #waiting: string[] = [];
  readonly #left = new WakeUp();
  #underWay = 0;
  #hurried = 0;
  #onPressing: (() => void)[] = [];

  /** How many of them are still there. */
  get count(): number {
    return this.#waiting.length + this.#underWay;
  }

  add(taskIds: readonly string[]): void {
    this.#waiting.push(...taskIds);
    this.#notify();
  }

  /** Drops those whose removal has not begun. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /**
   * The next one to remove; call {@link done} afterwards. `undefined` if there is none, or enough are under way.
   *
   * @param options `isEnding`: nothing else is left to do, so the user waits for it
   */
  take({ isEnding = false }: { readonly isEnding?: boolean } = {}): string | undefined {
    const most = isEnding ? AT_THE_END : this.#isPressing ? AT_ONCE : 1;
    const taskId = this.#underWay < most ? this.#waiting.shift() : undefined;
    if (taskId !== undefined) this.#underWay += 1;
    return taskId;
  }

  done(): void {
    this.#underWay -= 1;
    this.#left.notify();
  }

  /** Resolves when a removal may begin: no agent is being started, or too many workspaces wait. */
  async turn(quiet: Promise<void>): Promise<void> {
    if (this.#isPressing) return;
    const pressing = new Promise<void>((resolve) => {
      this.#onPressing.push(resolve);
    });
    await Promise.race([quiet, pressing]);
  }

  /**
   * Resolves when this many more may land. Until then removals do not wait for agents.
   *
   * @param remove removes the next one; false if there is none
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
