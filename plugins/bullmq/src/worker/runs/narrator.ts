import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentActivity, type AgentRun, type Clock, defined } from '@pwt/core';
import type { RunProgress } from '../../protocol/operations.js';
import { Hearer, type Listener } from './hearer.js';
import { MAX_TAIL_BYTES, shortened, worthTelling } from './message.js';
import { Tail } from './tail.js';

export interface NarratorOptions {
  readonly run: AgentRun;
  /** Of the attempt, on this worker. Absolute. */
  readonly dir: string;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly onTrouble: (error: unknown) => void;
}

/** Tells those who wait for an agent what it does: bounded messages, one at a time, however much the agent says. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #hearers = new Map<Listener, Hearer>();
  readonly #tail: Tail;
  #activities: AgentActivity[] = [];
  #record: string | undefined;
  #cancel: (() => void) | undefined;
  #hasEnded = false;
  #isTelling = false;

  constructor(options: NarratorOptions) {
    this.#options = options;
    this.#tail = new Tail(join(options.dir, 'stdout.log'), MAX_TAIL_BYTES);
    void this.#collect();
    this.#schedule();
  }

  /** Tells this one, too, from now on, and at once that the agent is there. */
  async listen(listener: Listener): Promise<void> {
    const hearer = new Hearer(listener, this.#trouble);
    this.#hearers.set(listener, hearer);
    try {
      const first = await this.#message([], { text: '', offset: 0 });
      // The record comes with the first message to each.
      const record = await this.#agentRecord();
      await hearer.tell({ ...first, ...defined({ record }) });
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** Tells this one no more. */
  forget(listener: Listener): void {
    this.#hearers.delete(listener);
  }

  /** Tells what the worker has to say of it. */
  say(text: string): void {
    this.#keep({ kind: 'error', text });
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancel?.();
  }

  async #collect(): Promise<void> {
    try {
      for await (const activity of this.#options.run.events) this.#keep(activity);
    } catch (error) {
      this.#trouble(error);
    }
  }

  #keep(activity: AgentActivity): void {
    this.#activities = worthTelling([...this.#activities, activity]);
  }

  /** What is under way when the agent has ended is not missed: its report has all of it. */
  readonly #trouble = (error: unknown): void => {
    if (!this.#hasEnded) this.#options.onTrouble(error);
  };

  #schedule(): void {
    if (this.#hasEnded) return;
    const { clock, intervalMs } = this.#options;
    this.#cancel = clock.after(intervalMs, () => void this.#tell());
  }

  async #tell(): Promise<void> {
    // While Redis can't be reached a message waits; the next one has all that has come meanwhile.
    if (!this.#isTelling && this.#hearers.size > 0) {
      this.#isTelling = true;
      try {
        const piece = await this.#tail.next();
        const message = await this.#message(this.#activities.splice(0), piece);
        await Promise.all([...this.#hearers.values()].map((hearer) => hearer.tell(message)));
      } catch (error) {
        this.#trouble(error);
      } finally {
        this.#isTelling = false;
      }
    }
    this.#schedule();
  }

  async #message(
    activities: readonly AgentActivity[],
    { text, offset }: { readonly text: string; readonly offset: number },
  ): Promise<RunProgress> {
    const { run, clock } = this.#options;
    const now = clock.now();
    const signAt = (await run.lastSignAt?.()) ?? run.startedAt;
    const record = await this.#agentRecord();
    const isNew = record !== undefined && record !== this.#record;
    this.#record = record ?? this.#record;
    const message: RunProgress = {
      elapsedMs: Math.max(0, now - run.startedAt),
      quietMs: Math.max(0, now - signAt),
      ...{ activities, tail: text, offset },
      ...defined({ details: run.details, record: isNew ? record : undefined }),
    };
    return shortened(message);
  }

  async #agentRecord(): Promise<string | undefined> {
    try {
      return await readFile(join(this.#options.dir, 'agent.json'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
