import { statSync } from 'node:fs';
import { join } from 'node:path';

const STOP_GRACE_MS = 1_000;

/**
 * A codemod under its supervisor, just started or found again.
 *
 * @implements {AgentRun}
 */
export class CodemodRun {
  #supervised;
  /** @type {'stopped' | 'timed-out' | undefined} */
  #ended;

  /**
   * @param {string} launcher
   * @param {import('@pwt/core').LaunchRequest} request
   * @param {import('@pwt/process').Supervised} supervised
   */
  constructor(launcher, { stateDir, timeoutMs, idleTimeoutMs }, supervised) {
    this.#supervised = supervised;
    const startedAt = Math.round(statSync(join(stateDir, 'lease')).mtimeMs);
    this.handle = { launcher, stateDir, startedAt, timeoutMs, idleTimeoutMs };
    this.events = noEvents();
    this.exited = this.#exit();
  }

  async stop() {
    await this.#stop('stopped');
  }

  /** @returns {Promise<import('@pwt/core').AgentExit>} */
  async #exit() {
    const { startedAt, timeoutMs } = this.handle;
    const left = startedAt + timeoutMs - Date.now();
    const timer =
      timeoutMs > 0 ? setTimeout(() => void this.#stop('timed-out'), Math.max(0, left)) : undefined;
    const ended = await this.#supervised.exited;
    clearTimeout(timer);
    // Whatever the codemod left running would go on writing into the worktree.
    await this.#supervised.stop({ graceMs: STOP_GRACE_MS });
    const durationMs = Math.max(0, Date.now() - startedAt);
    if (this.#ended) return { kind: this.#ended, durationMs };
    if (ended.kind !== 'spawn-failed') return { ...ended, durationMs };
    return { kind: 'exited', durationMs, failure: { kind: 'crash', message: ended.message } };
  }

  /** @param {'stopped' | 'timed-out'} reason The first one counts. */
  async #stop(reason) {
    this.#ended ??= reason;
    await this.#supervised.stop({ graceMs: STOP_GRACE_MS });
  }
}

/**
 * A codemod says nothing about what it is doing; its log is in the state directory.
 *
 * @returns {AsyncGenerator<import('@pwt/core').AgentActivity>}
 */
async function* noEvents() {}

/** @typedef {import('@pwt/core').AgentRun} AgentRun */
