import type { Coordinator, StopMode } from '@pwt/coordinator';
import type { EventSink } from '@pwt/core';

/**
 * Passes a wish to stop on to the active run. A coordinator only listens once its run has begun, so the wish
 * is repeated with every event until the run is over; stopping twice is stopping once.
 */
export class StopSwitch implements EventSink {
  readonly name = 'stop-switch';
  #active: Coordinator | undefined;
  #wanted: StopMode | undefined;

  /** Stops the active run, or the next one as soon as it begins. */
  async request(mode: StopMode): Promise<void> {
    this.#wanted = mode;
    await this.#active?.stop(mode);
  }

  async onEvent(): Promise<void> {
    if (this.#wanted !== undefined) await this.#active?.stop(this.#wanted);
  }

  /** Makes a coordinator the one to stop for as long as something takes. */
  async during<T>(coordinator: Coordinator, body: () => Promise<T>): Promise<T> {
    this.#active = coordinator;
    try {
      return await body();
    } finally {
      this.#active = undefined;
      this.#wanted = undefined;
    }
  }
}
