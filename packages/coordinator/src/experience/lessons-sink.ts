import {
  defined,
  type EventSink,
  type Gate,
  type RunEvent,
  type RunState,
  type TaskFailureKind,
} from '@pwt/core';
import type { ExperienceStore, Lessons } from './experience.js';

export interface LessonsSinkOptions {
  readonly store: ExperienceStore;
  /** The state of the run when it is asked for. */
  readonly state: () => RunState;
  /** The events that the run's log already has. */
  readonly history: readonly RunEvent[];
  /** Without one, no task is judged. */
  readonly gate: Pick<Gate, 'fingerprint'> | undefined;
}

const judgedRed: ReadonlySet<TaskFailureKind> = new Set(['gate-red', 'gate-timed-out']);

/**
 * Gathers what a run takes, and tells the store after the last event. Each event of a log counts once: those that a killed
 * process has left count in the process that resumes its run.
 */
export class LessonsSink implements EventSink {
  readonly name = 'experience';
  readonly #options: LessonsSinkOptions;
  readonly #agentMs = new Map<string, number>();
  readonly #finished = new Set<string>();
  readonly #gates: Lessons['gates'][number][] = [];
  #judged = 0;
  #red = 0;

  constructor(options: LessonsSinkOptions) {
    this.#options = options;
    for (const event of untold(options.history)) this.onEvent(event);
  }

  onEvent(event: RunEvent): void {
    const { gate } = this.#options;
    switch (event.type) {
      case 'agent-exited':
        this.#agentMs.set(event.taskId, event.exit.durationMs);
        break;
      case 'work-collected':
        this.#finished.add(event.taskId);
        break;
      case 'gate-finished': {
        const { durationMs, cpuMs, status } = event.verdict;
        const fingerprint = gate?.fingerprint;
        if (fingerprint === undefined || status === 'broken') break;
        this.#gates.push({ fingerprint, durationMs, ...defined({ cpuMs }) });
        break;
      }
      case 'integrated':
        if (gate) this.#judged += 1;
        break;
      case 'task-finished':
        if (event.failure === undefined || !judgedRed.has(event.failure.kind)) break;
        this.#judged += 1;
        this.#red += 1;
        break;
    }
  }

  async close(): Promise<void> {
    const tasks = this.#taskLessons();
    if (tasks.length === 0 && this.#gates.length === 0 && this.#judged === 0) return;
    const judged = { count: this.#judged, red: this.#red };
    await this.#options.store.learn({ tasks, gates: this.#gates, judged });
  }

  #taskLessons(): Lessons['tasks'] {
    const { tasks } = this.#options.state();
    return [...this.#finished].flatMap((id) => {
      const known = tasks.get(id);
      const agentMs = this.#agentMs.get(id) ?? known?.figures.agentMs;
      return known === undefined || agentMs === undefined ? [] : [{ task: known.task, agentMs }];
    });
  }
}

/** The events since the last process of the run that came to its end: it has told the store of those before. */
function untold(history: readonly RunEvent[]): readonly RunEvent[] {
  const last = history.findLastIndex(({ type }) => type === 'run-finished' || type === 'run-interrupted');
  return history.slice(last + 1);
}
