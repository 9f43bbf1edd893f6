import { type CommitId, type Gate, hasCode, type JoinedTask, type Verdict } from '@pwt/core';
import { treeOf } from '../pipeline/known-verdicts.js';
import { runGate } from '../pipeline/run-gate.js';
import type { Probe } from '../queue/joint-state.js';
import type { RunContext } from '../run/run-context.js';
import type { BaseCheck } from './base-check.js';
import type { Chains } from './chains.js';
import type { GateSlots } from './gate-slots.js';

/** What a gate runs on for a probe. */
interface Tested {
  readonly head: CommitId;
  readonly commits: readonly JoinedTask[];
}

/** What the gate has said of a probe. */
export interface Answer {
  readonly verdict: Verdict;
  readonly commit: CommitId;
  /** Absent if the verdict was known, and its log is that of another run. */
  readonly logFile?: string | undefined;
}

/** What became of a probe. */
export type ProbeOutcome =
  | { readonly status: 'judged'; readonly verdict: Verdict }
  /** The task can't be joined to the tip and the members before it. */
  | { readonly status: 'unmergeable'; readonly taskId: string }
  /** Something went wrong that is no verdict. Without tasks, it concerns all that wait. */
  | { readonly status: 'failed'; readonly taskIds: readonly string[]; readonly error: unknown }
  /** The gate was ended without a verdict. */
  | { readonly status: 'stopped' };

/** The gates that run for the landing queue. */
export class Probes {
  readonly #context: RunContext;
  readonly #gate: Gate;
  readonly #slots: GateSlots;
  readonly #chains: Chains;
  readonly #running = new Map<Probe, AbortController>();
  /** By the id of the probe: what it tests, since the tip was moved by something else. */
  readonly #tested = new Map<number, Tested>();
  readonly #answers = new Map<number, Answer>();
  /** Trees of which the queue has a verdict: to ask for another one means to run the gate once more. */
  readonly #told = new Set<string>();

  constructor(context: RunContext, gate: Gate, options: { slots: GateSlots; chains: Chains }) {
    this.#context = context;
    this.#gate = gate;
    this.#slots = options.slots;
    this.#chains = options.chains;
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

  /** What the gate ran on, or was known to be green on; `undefined` if that was before the tip was moved by something else. */
  testedOf({ id }: Probe): Tested | undefined {
    return this.#tested.get(id);
  }

  /** What the gate has said; `undefined` for a probe without a verdict. */
  answerOf({ id }: Probe): Answer | undefined {
    return this.#answers.get(id);
  }

  /** The tip was moved by something else: no probe so far may be integrated. */
  forget(): void {
    this.#tested.clear();
  }

  /** The queue has this verdict from elsewhere. */
  told(key: string): void {
    this.#told.add(key);
  }

  /**
   * Makes the commits of the probe, and has the gate run on the last one unless its verdict is known.
   *
   * @param complete see `GateRequest`
   * @param check the gate may run on the base already
   */
  async test(
    probe: Probe,
    how: {
      readonly complete: boolean;
      readonly check: BaseCheck | undefined;
      readonly abortSignal: AbortSignal;
    },
  ): Promise<ProbeOutcome> {
    const { abortSignal } = how;
    const chain = await this.#chains.build(probe);
    if (abortSignal.aborted) return { status: 'stopped' };
    if (chain.status === 'unmergeable') return chain;
    if (chain.status === 'failed') return { status: 'failed', taskIds: [chain.taskId], error: chain.error };
    try {
      const answer = (await checked(chain.head, how)) ?? (await this.#answer(probe, chain, how));
      if (answer === undefined || abortSignal.aborted) return { status: 'stopped' };
      this.#tested.set(probe.id, chain);
      this.#answers.set(probe.id, answer);
      return { status: 'judged', verdict: answer.verdict };
    } catch (error) {
      if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      return abortSignal.aborted
        ? { status: 'stopped' }
        : { status: 'failed', taskIds: probe.members, error };
    }
  }

  async #answer(
    { members: taskIds, tip: onto, purpose }: Probe,
    { head: commit }: Tested,
    { complete, abortSignal }: { readonly complete: boolean; readonly abortSignal: AbortSignal },
  ): Promise<Answer | undefined> {
    const tree = await treeOf(this.#context, commit);
    const key = tree ?? commit;
    // The base is tested because something is red: a verdict from before does not tell whether it still is green.
    const again = purpose === 'base' || (purpose === 'confirm' && this.#told.has(key));
    let logFile: string | undefined;
    const verdict = await runGate(this.#context, this.#gate, {
      ...{ taskIds, onto, commit, tree, purpose, again, complete, abortSignal },
      onStart: (file) => {
        logFile = file;
        this.#slots.started();
      },
    });
    if (verdict === undefined) return undefined;
    this.#told.add(key);
    this.#slots.finished(verdict);
    return { verdict, commit, logFile: logFile ?? this.#context.log.state.verdicts.get(key)?.logFile };
  }
}

/** What the check of the base says, if it runs on this commit. */
async function checked(
  commit: CommitId,
  { check, abortSignal }: { readonly check: BaseCheck | undefined; readonly abortSignal: AbortSignal },
): Promise<Answer | undefined> {
  if (!check?.isRunning || check.commit !== commit) return undefined;
  const verdict = await check.take();
  return verdict === undefined || abortSignal.aborted ? undefined : { verdict, commit };
}
