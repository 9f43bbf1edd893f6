import type { RunContext } from '../run/run-context.js';

/** Records how long the agents of the tasks that are left are expected to work, where earlier runs tell. */
export function tellTimes({ log, experience }: Pick<RunContext, 'log' | 'experience'>): void {
  const known = [...log.state.tasks.values()].flatMap(({ task, outcome }) => {
    const ms = outcome === undefined ? experience?.agentMs(task) : undefined;
    return ms === undefined ? [] : [[task.id, Math.round(ms)] as const];
  });
  if (known.length > 0) log.note({ type: 'times-expected', agentMs: Object.fromEntries(known) });
}
