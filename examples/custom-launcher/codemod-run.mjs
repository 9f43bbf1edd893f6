import { statSync } from 'node:fs';
import { join } from 'node:path';

const STOP_GRACE_MS = 1_000;

/**
 * A codemod under its supervisor, just started or found again.
 *
 * @implements {AgentRun}
 */
export class CodemodRun {
  #attempt;
  #supervised;
  /** @type {'stopped' | 'timed-out' | 'idle-timed-out' | undefined} */
  #ended;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {import('@pwt/core').Attempt} attempt
   * @param {import('@pwt/process').Supervised} supervised
   */
  constructor(attempt, supervised) {
    this.#attempt = attempt;
    this.#supervised = supervised;
    // The same in every program that finds the codemod again: the time limit counts from here.
    this.startedAt = writtenAt(join(attempt.stateDir, 'lease'));
    this.events = noEvents();
    this.#watch();
    this.exited = this.#exit();
  }

  async stop() {
    await this.#stop('stopped');
  }

  /** @returns {Promise<import('@pwt/core').AgentExit>} */
  async #exit() {
    const ended = await this.#supervised.exited;
    clearTimeout(this.#timer);
    // Whatever the codemod left running would go on writing into the worktree.
    await this.#supervised.stop({ graceMs: STOP_GRACE_MS });
    const durationMs = Math.max(0, Date.now() - this.startedAt);
    if (this.#ended) return { kind: this.#ended, durationMs };
    if (ended.kind !== 'spawn-failed') return { ...ended, durationMs };
    return { kind: 'exited', durationMs, failure: { kind: 'crash', message: ended.message } };
  }

  /** Stops the codemod once one of its limits is reached, and looks again when the next one could be. */
  #watch() {
    const { stateDir, timeoutMs, idleTimeoutMs } = this.#attempt;
    const lastOutputAt = Math.max(
      this.startedAt,
      writtenAt(join(stateDir, 'stdout.log')),
      writtenAt(join(stateDir, 'stderr.log')),
    );
    const total = timeoutMs > 0 ? this.startedAt + timeoutMs : Number.POSITIVE_INFINITY;
    const idle = idleTimeoutMs > 0 ? lastOutputAt + idleTimeoutMs : Number.POSITIVE_INFINITY;
    const leftMs = Math.min(total, idle) - Date.now();
    if (leftMs === Number.POSITIVE_INFINITY) return;
    if (leftMs > 0) this.#timer = setTimeout(() => this.#watch(), Math.min(leftMs, 2 ** 31 - 1));
    else void this.#stop(total <= idle ? 'timed-out' : 'idle-timed-out');
  }

  /** @param {'stopped' | 'timed-out' | 'idle-timed-out'} reason The first one counts. */
  async #stop(reason) {
    this.#ended ??= reason;
    await this.#supervised.stop({ graceMs: STOP_GRACE_MS });
  }
}

/**
 * When a file was last written, in milliseconds since the epoch; 0 if it is not there.
 *
 * @param {string} path
 */
function writtenAt(path) {
  return Math.round(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

/**
 * A codemod says nothing about what it is doing; its log is in the state directory.
 *
 * @returns {AsyncGenerator<import('@pwt/core').AgentActivity>}
 */
async function* noEvents() {}

/** @typedef {import('@pwt/core').AgentRun} AgentRun */
