import type { CommitId, Gate, JoinedTask, Verdict } from '@pwt/core';
import { treeOf } from '../pipeline/known-verdicts.js';
import { runGate } from '../pipeline/run-gate.js';
import type { Probe } from '../queue/joint-state.js';
import type { RunContext } from '../run/run-context.js';
import type { GateSlots } from './gate-slots.js';

/** What a gate runs on for a probe. */
export interface Tested {
  readonly head: CommitId;
  readonly commits: readonly JoinedTask[];
}

/** The gates that run for the landing queue. */
export class Probes {
  readonly #context: RunContext;
  readonly #gate: Gate;
  readonly #slots: GateSlots;
  readonly #running = new Map<Probe, AbortController>();
  /** Gates that have not ended, stopped ones among them. */
  readonly #gates = new Set<Promise<unknown>>();
  readonly #tested = new Map<number, Tested>();
  /** Trees of which the queue has a verdict: to ask for another one means to run the gate once more. */
  readonly #told = new Set<string>();

  constructor(context: RunContext, gate: Gate, slots: GateSlots) {
    this.#context = context;
    this.#gate = gate;
    this.#slots = slots;
  }

  get running(): readonly Probe[] {
    return [...this.#running.keys()];
  }

  /** Returns the signal that stops it. */
  begin(probe: Probe): AbortSignal {
    const stop = new AbortController();
    this.#running.set(probe, stop);
    return stop.signal;
  }

  end(probe: Probe): void {
    this.#running.delete(probe);
  }

  stop(probe: Probe): void {
    this.#running.get(probe)?.abort();
    this.#running.delete(probe);
  }

  /** Resolves when every gate has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#gates);
  }

  /** What the gate ran on, or was known to be green on. */
  testedOf({ id }: Probe): Tested {
    const tested = this.#tested.get(id);
    if (tested === undefined) throw new Error(`probe ${id} was not tested`);
    return tested;
  }

  /** @param complete see `GateRequest` */
  async verdictOn(
    probe: Probe,
    tested: Tested,
    { complete, abortSignal }: { readonly complete: boolean; readonly abortSignal: AbortSignal },
  ): Promise<Verdict | undefined> {
    const { id, members: taskIds, tip: onto, purpose } = probe;
    const { head: commit } = tested;
    this.#tested.set(id, tested);
    const tree = await treeOf(this.#context, commit);
    const isMore = purpose === 'confirm' || purpose === 'base';
    const again = isMore && this.#told.has(tree ?? commit);
    const running = runGate(this.#context, this.#gate, {
      ...{ taskIds, onto, commit, tree, purpose, again, complete, abortSignal },
      onStart: () => this.#slots.started(),
    });
    this.#gates.add(running);
    try {
      const verdict = await running;
      if (verdict === undefined) return undefined;
      this.#told.add(tree ?? commit);
      this.#slots.finished(verdict);
      return verdict;
    } finally {
      this.#gates.delete(running);
    }
  }

  /** The queue has this verdict from elsewhere. */
  told(key: string): void {
    this.#told.add(key);
  }
}
