import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Phase = 'Waiting' | 'Launching' | 'Running' | 'Taken' | 'Moved' | 'Integrated';

/** What the model and a real coordinator with its exchange have in common. */
export interface Observed {
  readonly isUp: boolean;
  /** By task: its phase, and the last attempt that was granted. */
  readonly journal: Readonly<Record<string, readonly [Phase, number]>>;
  /** By `<task>/<attempt>`: whose work is at its ref, or `tombstone`. */
  readonly refs: Readonly<Record<string, string>>;
  /** `<task>/<attempt>/<worker>` each, sorted. */
  readonly late: readonly string[];
  readonly integrated: readonly string[];
}

/** A step of a trace of `docs/model/lease.qnt`. */
export interface Step {
  readonly what: string;
  readonly task?: string;
  readonly number?: number;
  readonly worker?: string;
  /** What has changed by it. */
  readonly after: Partial<Observed>;
}

export interface Trace {
  readonly name: string;
  readonly steps: readonly Step[];
}

export function readTraces(folder: string): readonly Trace[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => {
      const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
      return { name: name.replace('.jsonl', ''), steps: lines.map((line): Step => JSON.parse(line)) };
    });
}
