import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentActivity, type AgentRun, type Clock, defined } from '@pwt/core';
import type { RunProgress } from '../../protocol/operations.js';
import { Tail } from './tail.js';

/** Of a log, in one message; JSON may make it longer. */
const MAX_TAIL_BYTES = 8 * 1024;
const MAX_ACTIVITIES = 40;
const MAX_MESSAGE_BYTES = 32 * 1024;

export interface NarratorOptions {
  readonly run: AgentRun;
  /** Of the attempt, on this worker. Absolute. */
  readonly dir: string;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly onTrouble: (error: unknown) => void;
}

type Listener = (progress: RunProgress) => Promise<void>;

/** Tells those who wait for an agent what it does: bounded messages, one at a time, however much the agent says. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #listeners = new Set<Listener>();
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
    const first = await this.#message([], { text: '', offset: 0 });
    // The record comes with the first message to each.
    const record = await this.#agentRecord();
    this.#listeners.add(listener);
    await this.#send(listener, { ...first, ...defined({ record }) });
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
      this.#options.onTrouble(error);
    }
  }

  /** What is less worth goes first: output, then what is oldest. */
  #keep(activity: AgentActivity): void {
    this.#activities.push(activity);
    if (this.#activities.length <= MAX_ACTIVITIES) return;
    const index = this.#activities.findIndex(({ kind }) => kind === 'output' || kind === 'message');
    this.#activities.splice(Math.max(0, index), 1);
  }

  #schedule(): void {
    if (this.#hasEnded) return;
    const { clock, intervalMs } = this.#options;
    this.#cancel = clock.after(intervalMs, () => void this.#tell());
  }

  async #tell(): Promise<void> {
    // While Redis can't be reached a message waits; the next one has all that has come meanwhile.
    if (!this.#isTelling && this.#listeners.size > 0) {
      this.#isTelling = true;
      try {
        const piece = await this.#tail.next();
        const message = await this.#message(this.#activities.splice(0), piece);
        await Promise.all([...this.#listeners].map((listener) => this.#send(listener, message)));
      } catch (error) {
        this.#options.onTrouble(error);
      } finally {
        this.#isTelling = false;
      }
    }
    this.#schedule();
  }

  async #send(listener: Listener, message: RunProgress): Promise<void> {
    try {
      await listener(message);
    } catch {
      // Its job is gone: it asks again, or does not want to know.
      this.#listeners.delete(listener);
    }
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

/** Of a message that is too long the tail goes first, then the activities that are oldest: what is left out of a tail is seen by the next offset. */
function shortened(message: RunProgress): RunProgress {
  const isTooLong = (one: RunProgress) => Buffer.byteLength(JSON.stringify(one)) > MAX_MESSAGE_BYTES;
  let short = isTooLong(message) ? { ...message, tail: '' } : message;
  while (isTooLong(short) && short.activities.length > 0)
    short = { ...short, activities: short.activities.slice(Math.ceil(short.activities.length / 2)) };
  return short;
}
