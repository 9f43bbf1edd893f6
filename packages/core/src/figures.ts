import type { RunEvent } from './event.js';

/**
 * What is measured of an attempt; each name ends with the unit. Status, summaries and JSON show all figures, so a new one
 * is added here and in {@link figuresOf}, and nowhere else.
 */
export interface TaskFigures {
  /** How long the set-up command took. */
  readonly setupMs?: number;
  /** How long the agent ran. */
  readonly agentMs?: number;
  /** How long the last gate took that ran with its work; of an integrated task, the one that let it through. */
  readonly gateMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
}

/** The figures in an event. Each replaces the value that was measured before. */
export function figuresOf(event: RunEvent): TaskFigures | undefined {
  switch (event.type) {
    case 'workspace-created':
      return event.setup && { setupMs: event.setup.durationMs };
    case 'agent-activity':
      return event.activity.total;
    case 'agent-exited':
      return { ...event.exit.usage, agentMs: event.exit.durationMs };
    case 'gate-finished':
      return event.known ? undefined : { gateMs: event.verdict.durationMs };
    default:
      return undefined;
  }
}
