import type { RunLog } from '../run/run-log.js';

/** Why the target can't be moved now, and what the user can do. */
export interface Refusal {
  readonly message: string;
  /** @default to land when the way is clear */
  readonly hint?: string | undefined;
}

/** Landing is tried after every task; what is in its way is said once. */
export class Refusals {
  readonly #runId: string;
  readonly #log: Pick<RunLog, 'append'>;
  #said: string | undefined;

  constructor(runId: string, log: Pick<RunLog, 'append'>) {
    this.#runId = runId;
    this.#log = log;
  }

  /** True if the target could not be moved when that was last tried. */
  get isRefused(): boolean {
    return this.#said !== undefined;
  }

  /** The target has been moved: what comes in the way from here on is said anew. */
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
