/** Lets one loop sleep until it is notified. A notification that comes before it sleeps is not missed. */
export class WakeUp {
  #pending = false;
  #resolve: (() => void) | undefined;

  notify(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  async wait(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#pending = false;
    this.#resolve = undefined;
  }
}
