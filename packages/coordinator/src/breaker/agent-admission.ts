import type { AgentPause, RunState, TaskState } from '@pwt/core';

/** Whether a task may start with an agent. `probe`: one may, alone, to see whether the agent works again. */
export interface AgentAdmission {
  readonly agent: string;
  readonly may: 'start' | 'probe' | 'wait';
  readonly pause?: AgentPause;
}

/**
 * Pure; O(number of tasks) for an agent whose pause is over.
 *
 * @param isActive whether a task in flight is worked on, and not set aside
 */
export function admissionOf(
  agent: string,
  { agentPauses, tasks }: Pick<RunState, 'agentPauses' | 'tasks'>,
  now: number,
  isActive: (taskId: string) => boolean,
): AgentAdmission {
  const pause = agentPauses[agent];
  if (pause === undefined) return { agent, may: 'start' };
  if (pause.until === undefined || now < pause.until) return { agent, may: 'wait', pause };
  const isTried = [...tasks.values()].some((task) => isProbe(task, agent, pause) && isActive(task.task.id));
  return { agent, may: isTried ? 'wait' : 'probe', pause };
}

/** True for a task that tries a paused agent: it was dispatched when the pause was over. */
export function isProbe(
  { agentName = '', dispatchedAt }: TaskState,
  agent: string,
  { until }: Pick<AgentPause, 'until'>,
): boolean {
  return until !== undefined && dispatchedAt !== undefined && agentName === agent && dispatchedAt >= until;
}
