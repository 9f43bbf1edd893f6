import type { RunLog } from '../run/run-log.js';

/** Why the target can't be moved now. */
export interface Refusal {
  readonly message: string;
  /** What to do. @default run `pwt land` when the cause is gone */
  readonly hint?: string | undefined;
}

/** Landing is tried after every task. The same refusal is reported once. */
export class Refusals {
  readonly #runId: string;
  readonly #log: Pick<RunLog, 'append'>;
  #said: string | undefined;

  constructor(runId: string, log: Pick<RunLog, 'append'>) {
    this.#runId = runId;
    this.#log = log;
  }

  /** True if the last landing was refused. */
  get isRefused(): boolean {
    return this.#said !== undefined;
  }

  /** The target has been moved: a later refusal is reported again. */
  clear(): void {
    this.#said = undefined;
  }

  async warn({ message, hint }: Refusal): Promise<void> {
    if (this.#said === message) return;
    this.#said = message;
    const byDefault = `The work is safe on the integration ref. When the way is clear: pwt land ${this.#runId}`;
    await this.#log.append({
      type: 'warning',
      diagnostic: { code: 'PWT_LAND_REFUSED', severity: 'warning', message, hint: hint ?? byDefault },
    });
  }
}
