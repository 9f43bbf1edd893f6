import type { NewRunEvent } from '../src/index.js';

const workspace = {
  id: '1',
  provider: 'p',
  kind: 'task',
  runId: 'r',
  taskId: '1',
  path: '/w',
  branch: 'b',
  base: 'c0',
} as const;

/** What a planned task 1 goes through until it is integrated, one event for each phase. */
export const workEvents: NewRunEvent[] = [
  { type: 'task-dispatched', taskId: '1', attempt: 1, base: 'c0', stateDir: '/s' },
  { type: 'workspace-created', taskId: '1', workspace },
  { type: 'agent-launching', taskId: '1', attempt: 1 },
  { type: 'agent-launched', taskId: '1', launcher: 'l', startedAt: 1003 },
  { type: 'agent-exited', taskId: '1', exit: { kind: 'exited', exitCode: 0, durationMs: 5 } },
  {
    type: 'work-collected',
    taskId: '1',
    commit: 'c1',
    changes: [{ path: 'a', kind: 'added' }],
    committedLeftovers: true,
  },
  { type: 'claims-audited', taskId: '1', outside: [], grown: [], heldBy: [] },
  { type: 'integrated', taskId: '1', from: 'c0', commit: 'm1' },
];
