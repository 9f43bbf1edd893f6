import type { Task } from '@pwt/core';
import type { QueuePrior } from '../queue/estimate.js';

/** What earlier runs of a repository have taken. It makes a run faster, and decides nothing about correctness. */
export interface Experience {
  /** How long the task's agent is expected to work, in milliseconds; `undefined` if no run tells. */
  agentMs(task: Pick<Task, 'id' | 'title' | 'specs'>): number | undefined;
  /** What one run of this gate takes, by `Gate.fingerprint`. */
  gate(fingerprint: string): GateExperience | undefined;
  /** How often finished tasks are at fault and gates are flaky. Earlier ones count less. */
  readonly prior: GateRecord;
}

export interface GateExperience {
  readonly durationMs: number;
  /** The processor time of all its processes; absent where the gate does not tell. */
  readonly cpuMs?: number;
}

/** How many tasks the gate has decided, and how many verdicts were green; see {@link QueuePrior}. */
export type GateRecord = Required<QueuePrior>;

/** What a run has taken. */
export interface Lessons {
  /** Tasks whose agents finished their work, each with the time of the last attempt. */
  readonly tasks: readonly {
    readonly task: Pick<Task, 'id' | 'title' | 'specs'>;
    readonly agentMs: number;
  }[];
  /** Each time that the gate ran. */
  readonly gates: readonly (GateExperience & { readonly fingerprint: string })[];
  readonly record: GateRecord;
}

/** Keeps what runs have taken. Neither method throws: a run does without. */
export interface ExperienceStore {
  recall(): Promise<Experience>;
  /** Adds what a run has taken to what is known. One writer at a time. */
  learn(lessons: Lessons): Promise<void>;
}
