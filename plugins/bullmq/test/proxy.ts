import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisOptions } from '../src/options.js';

/** One connection through the proxy. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * A network between a program and Redis, on loopback: it can be cut, silent in one direction or both, and slow; and it heals.
 */
export class Network {
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #delayMs = 0;
  #isCut = false;
  #drops: 'none' | 'to-redis' | 'from-redis' | 'both' = 'none';

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
  }

  static async to(target: number): Promise<Network> {
    const server = createServer();
    const network = new Network(server, target);
    server.on('connection', (near) => network.#join(near));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The same Redis, through here. */
  options(options: RedisOptions): RedisOptions {
    return { ...options, url: `redis://127.0.0.1:${this.port}` };
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Ends every connection, and refuses new ones until `heal()`. */
  cut(): void {
    this.#isCut = true;
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Every connection stays open, and what is sent in that direction is lost, as if a machine were gone: nobody is told. */
  drop(direction: 'to-redis' | 'from-redis' | 'both'): void {
    this.#drops = direction;
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** As at the start. What was lost is lost: connections that were silent are ended, as they are when a machine is back. */
  heal(): void {
    const wasSilent = this.#drops !== 'none';
    this.#isCut = false;
    this.#drops = 'none';
    this.#delayMs = 0;
    if (wasSilent) for (const { near } of this.#pairs) near.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = createConnection({ port: this.#target, host: '127.0.0.1' });
    const pair = { near, far };
    this.#pairs.add(pair);
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => {
      this.#pairs.delete(pair);
      near.destroy();
    });
    this.#pass(near, far, 'to-redis');
    this.#pass(far, near, 'from-redis');
  }

  /** In order, as always: what is sent after the network has healed does not overtake what was slow before. */
  #pass(from: Socket, to: Socket, direction: 'to-redis' | 'from-redis'): void {
    let last = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      if (this.#drops === direction || this.#drops === 'both') return;
      const passed = this.#delayMs === 0 ? undefined : delay(this.#delayMs);
      last = last
        .then(() => passed)
        .then(() => {
          if (!to.destroyed) to.write(bytes);
        });
    });
  }
}
