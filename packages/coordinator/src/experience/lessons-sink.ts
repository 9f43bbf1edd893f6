import { defined, type EventSink, type Gate, type RunEvent, type RunState } from '@pwt/core';
import type { ExperienceStore, Lessons } from './experience.js';

export interface LessonsSinkOptions {
  readonly store: ExperienceStore;
  /** The state of the run when it is asked for. */
  readonly state: () => RunState;
  /** The events that the run's log already has. */
  readonly history: readonly RunEvent[];
  /** Without one, no task is decided. */
  readonly gate: Pick<Gate, 'fingerprint'> | undefined;
}

type GateFinished = Extract<RunEvent, { readonly type: 'gate-finished' }>;
type TaskFinished = Extract<RunEvent, { readonly type: 'task-finished' }>;

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
  readonly #tasks = { decided: 0, red: 0 };
  readonly #verdicts = { green: 0, flaky: 0 };
  /** Trees of which the last verdict was red. */
  readonly #red = new Set<string>();

  constructor(options: LessonsSinkOptions) {
    this.#options = options;
    for (const event of untold(options.history)) this.onEvent(event);
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'agent-exited') this.#agentMs.set(event.taskId, event.exit.durationMs);
    else if (event.type === 'work-collected') this.#finished.add(event.taskId);
    else if (event.type === 'gate-finished') this.#onVerdict(event);
    else if (event.type === 'integrated' && event.from !== event.commit && this.#options.gate)
      this.#tasks.decided += 1;
    else if (event.type === 'task-finished' && isGates(event)) {
      this.#tasks.decided += 1;
      this.#tasks.red += 1;
    }
  }

  async close(): Promise<void> {
    const tasks = this.#taskLessons();
    const record = { tasks: this.#tasks, gates: this.#verdicts };
    if (tasks.length === 0 && this.#gates.length === 0 && this.#tasks.decided === 0) return;
    await this.#options.store.learn({ tasks, gates: this.#gates, record });
  }

  #onVerdict({ commit, tree = commit, verdict, known }: GateFinished): void {
    const { status, durationMs, cpuMs } = verdict;
    if (status === 'broken' || known) return;
    const fingerprint = this.#options.gate?.fingerprint;
    if (fingerprint !== undefined) this.#gates.push({ fingerprint, durationMs, ...defined({ cpuMs }) });
    if (status !== 'green') this.#red.add(tree);
    else {
      this.#verdicts.green += 1;
      if (this.#red.delete(tree)) this.#verdicts.flaky += 1;
    }
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

/** The gate has rejected the task. */
function isGates({ failure }: TaskFinished): boolean {
  return failure?.kind === 'gate-red' || failure?.kind === 'gate-timed-out';
}

/** The events since the last process of the run that came to its end: it has told the store of those before. */
function untold(history: readonly RunEvent[]): readonly RunEvent[] {
  const last = history.findLastIndex(({ type }) => type === 'run-finished' || type === 'run-interrupted');
  return history.slice(last + 1);
}
