import { join } from 'node:path';
import type { DialectName } from '../dialects/dialects.js';
import { readText, writeDurably } from './durable-file.js';

/** Why pwt itself ended an agent; on record before the first signal, so that a crash can't lose it. */
export type StopReason = 'timed-out' | 'idle-timed-out' | 'stopped';

/** What must be known about an attempt to find its agent again, whatever the configuration says by then. */
export interface AttemptRecord {
  readonly agent: string;
  readonly dialect: DialectName;
  /** Milliseconds since the epoch. Time limits count from here. */
  readonly startedAt: number;
}

/**
 * The launcher's files in the state directory of one attempt, beside those of the supervisor (`lease`,
 * `command`, `exit`): `prompt.md`, `claims.json`, `stdout.log`, `stderr.log`, `agent.json`, `stop-reason`.
 */
export class AttemptFiles {
  readonly dir: string;
  readonly prompt: string;
  readonly claims: string;
  readonly stdout: string;
  readonly stderr: string;
  /** The supervisor's record; the time it was written is the time the agent ended. */
  readonly exit: string;
  readonly #record: string;
  readonly #stopReason: string;

  constructor(dir: string) {
    this.dir = dir;
    this.prompt = join(dir, 'prompt.md');
    this.claims = join(dir, 'claims.json');
    this.stdout = join(dir, 'stdout.log');
    this.stderr = join(dir, 'stderr.log');
    this.exit = join(dir, 'exit');
    this.#record = join(dir, 'agent.json');
    this.#stopReason = join(dir, 'stop-reason');
  }

  /** The copy of the spec for agents whose worktree does not hold it. */
  get spec(): string {
    return join(this.dir, 'spec.md');
  }

  async writeInputs(inputs: { prompt: string; patterns: readonly string[] }): Promise<void> {
    await writeDurably(this.prompt, inputs.prompt);
    await writeDurably(this.claims, `${JSON.stringify(inputs.patterns, null, 2)}\n`);
  }

  writeRecord(record: AttemptRecord): Promise<void> {
    return writeDurably(this.#record, `${JSON.stringify(record)}\n`);
  }

  async record(): Promise<AttemptRecord | undefined> {
    const text = await readText(this.#record);
    return text === undefined ? undefined : (JSON.parse(text) as AttemptRecord);
  }

  writeStopReason(reason: StopReason): Promise<void> {
    return writeDurably(this.#stopReason, `${reason}\n`);
  }

  async stopReason(): Promise<StopReason | undefined> {
    return (await readText(this.#stopReason))?.trim() as StopReason | undefined;
  }
}
