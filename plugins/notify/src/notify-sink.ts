import type { EventSink, RunEvent } from '@pwt/core';
import { type Notification, notificationOf, type Occasion } from './notification.js';

/** Agents that are lost with one machine within this time are one message. */
const ONE_LOSS_MS = 10 * 60_000;

/** One way to reach the user. Rejects if it could not. */
export interface Channel {
  send(notification: Notification): Promise<void>;
}

export interface NotifySinkOptions {
  readonly on: ReadonlySet<Occasion>;
  readonly channels: readonly Channel[];
}

/** Tells the user through every channel; a channel that fails does not keep the others from being tried. */
export class NotifySink implements EventSink {
  readonly name = 'notify';
  readonly #options: NotifySinkOptions;
  /** Machines that were told of as lost, and when: each takes several agents with it. */
  readonly #lost = new Map<string, number>();

  constructor(options: NotifySinkOptions) {
    this.#options = options;
  }

  /** @throws AggregateError when a channel failed; the run goes on and says so once */
  async onEvent(event: RunEvent): Promise<void> {
    const notification = notificationOf(event);
    if (!notification || !this.#options.on.has(notification.occasion)) return;
    if (this.#isTold(notification, event.at)) return;
    const sent = await Promise.allSettled(
      this.#options.channels.map((channel) => channel.send(notification)),
    );
    const failures = sent
      .filter((result) => result.status === 'rejected')
      .map((result): unknown => result.reason);
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  }

  #isTold({ machine }: Notification, at: number): boolean {
    if (machine === undefined) return false;
    const before = this.#lost.get(machine);
    this.#lost.set(machine, at);
    return before !== undefined && Math.abs(at - before) < ONE_LOSS_MS;
  }
}
