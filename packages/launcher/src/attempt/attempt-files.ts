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

/** What an agent is started with. */
export interface AttemptInputs {
  readonly prompt: string;
  readonly patterns: readonly string[];
  /** The text of the spec, where the worktree does not hold it. */
  readonly spec?: string | undefined;
  /** Absent if it is on record already. */
  readonly record?: AttemptRecord | undefined;
}

const names = {
  prompt: 'prompt.md',
  claims: 'claims.json',
  spec: 'spec.md',
  record: 'agent.json',
  stopReason: 'stop-reason',
} as const;

/**
 * The launcher's files in the state directory of one attempt, beside those of the supervisor (`lease`,
 * `command`, `exit`): `prompt.md`, `claims.json`, `spec.md`, `stdout.log`, `stderr.log`, `agent.json`, `stop-reason`.
 */
export class AttemptFiles {
  readonly dir: string;
  readonly prompt: string;
  readonly claims: string;
  /** The copy of the spec for agents whose worktree does not hold it. */
  readonly spec: string;
  readonly stdout: string;
  readonly stderr: string;
  /** The supervisor's record; the time it was written is the time the agent ended. */
  readonly exit: string;

  constructor(dir: string) {
    this.dir = dir;
    this.prompt = join(dir, names.prompt);
    this.claims = join(dir, names.claims);
    this.spec = join(dir, names.spec);
    this.stdout = join(dir, 'stdout.log');
    this.stderr = join(dir, 'stderr.log');
    this.exit = join(dir, 'exit');
  }

  /** Everything about the attempt is durable when this resolves, and before the agent starts. */
  writeInputs({ prompt, patterns, spec, record }: AttemptInputs): Promise<void> {
    return writeDurably(this.dir, {
      [names.prompt]: prompt,
      [names.claims]: `${JSON.stringify(patterns, null, 2)}\n`,
      ...(spec === undefined ? {} : { [names.spec]: spec }),
      ...(record === undefined ? {} : { [names.record]: recordText(record) }),
    });
  }

  writeRecord(record: AttemptRecord): Promise<void> {
    return writeDurably(this.dir, { [names.record]: recordText(record) });
  }

  async record(): Promise<AttemptRecord | undefined> {
    const text = await readText(join(this.dir, names.record));
    return text === undefined ? undefined : (JSON.parse(text) as AttemptRecord);
  }

  writeStopReason(reason: StopReason): Promise<void> {
    return writeDurably(this.dir, { [names.stopReason]: `${reason}\n` });
  }

  async stopReason(): Promise<StopReason | undefined> {
    return (await readText(join(this.dir, names.stopReason)))?.trim() as StopReason | undefined;
  }
}

function recordText(record: AttemptRecord): string {
  return `${JSON.stringify(record)}\n`;
}
