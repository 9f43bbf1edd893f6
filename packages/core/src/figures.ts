import type { TaskLevelEvent } from './event.js';

/**
 * What is measured of a task's attempt, in the unit that each name ends with. Status, summaries and JSON give all of
 * them on as they are, so a figure has its place here and in {@link figuresOf}, and nowhere else.
 */
export interface TaskFigures {
  /** How long the set-up command took. */
  readonly setupMs?: number;
  /** How long the agent ran. */
  readonly agentMs?: number;
  /** How long the gate took, the last time it ran. */
  readonly gateMs?: number;
}

/** The figures that an event brings, each as a whole: it takes the place of what was measured before. */
export function figuresOf(event: TaskLevelEvent): TaskFigures | undefined {
  switch (event.type) {
    case 'workspace-created':
      return event.setup && { setupMs: event.setup.durationMs };
    case 'agent-exited':
      return { agentMs: event.exit.durationMs };
    case 'gate-finished':
      return { gateMs: event.verdict.durationMs };
    default:
      return undefined;
  }
}
