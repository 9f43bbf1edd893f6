import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentUsage, GIT_TRACE_FILE, privateModes } from '@pwt/core';
import type { DialectName } from '../dialects/dialects.js';
import { readText, writeDurably, writeWhole } from './durable-file.js';
import { readStatement } from './statement.js';

/** Why pwt itself ended an agent; on record before the first signal, so that a crash can't lose it. */
export type StopReason = 'timed-out' | 'idle-timed-out' | 'stopped';

/** What must be known about an attempt to find its agent again, whatever the configuration says by then. */
export interface AttemptRecord {
  readonly agent: string;
  readonly dialect: DialectName;
  /** Milliseconds since the epoch. Time limits count from here. */
  readonly startedAt: number;
  /** What the session that this attempt continues had used by then. */
  readonly usedBefore?: AgentUsage;
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

/**
 * The launcher's files in the state directory of one attempt, beside those of the supervisor (`lease`,
 * `command`, `exit`): `prompt.md`, `claims.json`, `spec.md`, `stdout.log`, `stderr.log`, `agent.json`, `stop-reason`, `alive-at`,
 * `git-trace`, `no-change`.
 */
export class AttemptFiles {
  readonly dir: string;
  readonly prompt: string;
  readonly claims: string;
  /** The copy of the spec for agents whose worktree does not hold it. */
  readonly spec: string;
  readonly stdout: string;
  readonly stderr: string;
  /** What the agent's git tells of its commands; there from the start. */
  readonly gitTrace: string;
  /** Where the agent states that nothing has to be changed; there from the start, and empty. */
  readonly statement: string;
  /** The supervisor's record; the time it was written is the time the agent ended. */
  readonly exit: string;
  readonly #record: string;
  readonly #stopReason: string;
  readonly #aliveAt: string;

  constructor(dir: string) {
    this.dir = dir;
    this.prompt = join(dir, 'prompt.md');
    this.claims = join(dir, 'claims.json');
    this.spec = join(dir, 'spec.md');
    this.stdout = join(dir, 'stdout.log');
    this.stderr = join(dir, 'stderr.log');
    this.gitTrace = join(dir, GIT_TRACE_FILE);
    this.statement = statementFile(dir);
    this.exit = join(dir, 'exit');
    this.#record = join(dir, 'agent.json');
    this.#stopReason = join(dir, 'stop-reason');
    this.#aliveAt = join(dir, 'alive-at');
  }

  /**
   * Everything about the attempt, before the agent starts. It is for the agent and for a program that finds the agent
   * again after this one; none of it is synced, as no agent outlives a power cut.
   */
  async writeInputs({ prompt, patterns, spec, record }: AttemptInputs): Promise<void> {
    await Promise.all([
      writeWhole(this.prompt, prompt),
      ...[this.gitTrace, this.statement].map((file) => appendFile(file, '', { mode: privateModes.file })),
      writeWhole(this.claims, `${JSON.stringify(patterns, null, 2)}\n`),
      ...(spec === undefined ? [] : [writeWhole(this.spec, spec)]),
      ...(record === undefined ? [] : [this.writeRecord(record)]),
    ]);
  }

  writeRecord(record: AttemptRecord): Promise<void> {
    return writeWhole(this.#record, `${JSON.stringify(record)}\n`);
  }

  /** `undefined` also for one that a power cut has left empty. */
  async record(): Promise<AttemptRecord | undefined> {
    const text = await readText(this.#record);
    return text?.endsWith('\n') ? (JSON.parse(text) as AttemptRecord) : undefined;
  }

  writeStopReason(reason: StopReason): Promise<void> {
    return writeDurably(this.#stopReason, `${reason}\n`);
  }

  /** When the agent last got on, before it began to try again and again. */
  writeAliveAt(at: number): Promise<void> {
    return writeWhole(this.#aliveAt, `${Math.round(at)}\n`);
  }

  async aliveAt(): Promise<number | undefined> {
    const at = Number(await readText(this.#aliveAt));
    return Number.isFinite(at) && at > 0 ? at : undefined;
  }

  /** Why nothing has to be changed, as the agent has stated. */
  readStatement(): Promise<string | undefined> {
    return readStatement(this.statement);
  }

  async stopReason(): Promise<StopReason | undefined> {
    return (await readText(this.#stopReason))?.trim() as StopReason | undefined;
  }
}

/** Where the agent of an attempt states that nothing has to be changed, in the state directory of the attempt. */
export function statementFile(stateDir: string): string {
  return join(stateDir, 'no-change');
}
