import type { AgentExit, CommitId } from '@pwt/core';
import { PwtError } from '@pwt/core';
import type { Exchange, LateWork } from '../../src/exchange/exchange.js';
import { refs } from '../../src/exchange/refs.js';
import { type AttemptKey, attemptName, type Shipment } from '../../src/protocol/operations.js';

/** An exchange without git: who was first at an attempt's ref, and what was said there. */
export class MemoryExchange implements Exchange {
  isReachable = true;
  readonly taken: string[] = [];
  readonly late: LateWork[] = [];
  /** By the attempt's name; `undefined`: given up. */
  readonly #attempts = new Map<string, { readonly commit: CommitId; readonly exit: AgentExit } | undefined>();
  /** Called with each question. */
  onAsked: () => void = () => undefined;

  /** What a worker does at the end of an agent. */
  finish(attempt: AttemptKey, exit: AgentExit): { readonly result?: CommitId } {
    const name = attemptName(attempt);
    const commit = Buffer.from(name).toString('hex').padEnd(40, '0').slice(0, 40);
    if (!this.#attempts.has(name)) this.#attempts.set(name, { commit, exit });
    return this.#attempts.get(name) === undefined ? {} : { result: commit };
  }

  async check(): Promise<void> {
    this.#reach();
  }

  async offer(): Promise<void> {
    this.#reach();
  }

  async take({ ref, into }: { readonly ref: string; readonly into: string }): Promise<void> {
    this.#reach();
    this.taken.push(`${ref} ${into}`);
  }

  async giveUp(attempt: AttemptKey): ReturnType<Exchange['giveUp']> {
    this.#reach();
    const name = attemptName(attempt);
    if (!this.#attempts.has(name)) this.#attempts.set(name, undefined);
    const found = this.#attempts.get(name);
    if (found === undefined) return { status: 'given-up' };
    return { status: 'finished', ref: refs.attempt(attempt), commit: found.commit };
  }

  async unfinished(): Promise<undefined> {}

  async exitOf(attempt: AttemptKey): Promise<AgentExit> {
    const found = this.#attempts.get(attemptName(attempt));
    if (found === undefined) throw new PwtError('PWT_EXCHANGE_UNSOUND', 'It is nobody’s result.');
    return found.exit;
  }

  async lateOf(): Promise<readonly LateWork[]> {
    return this.late;
  }

  async open(shipment: Shipment): Promise<string> {
    this.#reach();
    if (shipment.kind === 'inline') return shipment.text;
    throw new PwtError('PWT_EXCHANGE_MISSING', 'The log is not there.');
  }

  async prune(): Promise<void> {}

  async unreleased(): Promise<readonly string[]> {
    return [];
  }

  async release(): Promise<readonly string[]> {
    return [];
  }

  #reach(): void {
    this.onAsked();
    if (!this.isReachable) throw new PwtError('PWT_EXCHANGE_UNREACHABLE', 'The exchange can not be reached.');
  }
}
