import { Redis } from 'ioredis';
import type { RedisOptions } from '../options.js';
import type { Timings } from '../protocol/timings.js';
import { clientOptions } from './client-options.js';

/** Neither there nor just being made for the first time. */
const AWAY: readonly string[] = ['reconnecting', 'close', 'end'];

/**
 * All connections of a process to Redis: one for commands, which BullMQ's queues share, and copies of it for whatever blocks or subscribes.
 * They come back for ever, until `close()`; after that nothing of them keeps the process alive, whether Redis can be reached or not.
 */
export class RedisConnections {
  /** For commands. It is handed to BullMQ as `connection`, which makes its blocking ones as copies of it. */
  readonly commands: Redis;
  readonly timings: Timings;
  readonly #all = new Set<Redis>();
  readonly #beats: NodeJS.Timeout[] = [];
  #isClosed = false;
  #wasReady = false;

  /**
   * Connects at once, and does not wait for it.
   *
   * @param onTrouble told what goes wrong with a connection that will be tried again, without a secret
   * @throws PwtError `PWT_REDIS_UNREACHABLE` if the certificate to trust can't be read
   */
  constructor(options: RedisOptions, timings: Timings, onTrouble: (text: string) => void = () => undefined) {
    this.timings = timings;
    const commands = new Redis(clientOptions(options, timings));
    this.commands = tellingCopies(commands, (copy) => this.#keep(copy, onTrouble));
    this.#keep(commands, onTrouble);
    commands.once('ready', () => {
      this.#wasReady = true;
    });
  }

  /** Whether Redis can be reached, as far as is known now. */
  get isReady(): boolean {
    return this.commands.status === 'ready';
  }

  /** Whether it could be reached at least once. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls back each time that the connection is there: also at once, if it is. The result ends that. */
  onReady(callback: () => void): () => void {
    this.commands.on('ready', callback);
    if (this.isReady) callback();
    return () => void this.commands.off('ready', callback);
  }

  /** Calls back each time that the connection is lost. The result ends that. */
  onLost(callback: () => void): () => void {
    this.commands.on('close', callback);
    return () => void this.commands.off('close', callback);
  }

  /** Waits for something only as long as Redis can be reached. What it gives then is left out; what it fails with later is not told. */
  async orLost<T>(act: Promise<T>): Promise<T | undefined> {
    let off: () => void = () => undefined;
    const lost = new Promise<undefined>((resolve) => {
      off = this.onLost(() => resolve(undefined));
      if (AWAY.includes(this.commands.status)) resolve(undefined);
    });
    try {
      act.catch(() => undefined);
      return await Promise.race([act, lost]);
    } finally {
      off();
    }
  }

  /** Calls back again and again, until `close()`. */
  beat(everyMs: number, callback: () => void): void {
    this.#beats.push(setInterval(callback, everyMs));
  }

  /** A connection of its own, to subscribe with. */
  subscriber(): Redis {
    return this.commands.duplicate();
  }

  /** Ends all of them. Commands that still wait are refused. */
  close(): void {
    this.#isClosed = true;
    for (const beat of this.#beats) clearInterval(beat);
    for (const connection of this.#all) connection.disconnect();
  }

  #keep(connection: Redis, onTrouble: (text: string) => void): void {
    this.#all.add(connection);
    connection.on('error', (error: Error) => onTrouble(error.message));
    connection.on('end', () => this.#all.delete(connection));
    // BullMQ connects one again that has ended while it waited for an answer: not after `close()`.
    const connect = connection.connect.bind(connection);
    connection.connect = (callback) => {
      if (this.#isClosed) return Promise.reject(new Error('Connection is closed.'));
      this.#all.add(connection);
      return connect(callback);
    };
    if (this.#isClosed) connection.disconnect();
  }
}

/** BullMQ copies the connection that it is given, and keeps the copy to itself. */
function tellingCopies(connection: Redis, onCopy: (copy: Redis) => void): Redis {
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = ((override) => {
    const copy = duplicate(override);
    onCopy(copy);
    return copy;
  }) as typeof connection.duplicate;
  return connection;
}
