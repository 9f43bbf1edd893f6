import { checkCreated } from '../contract-check.js';
import { workspaceRequest } from '../run/workspace-request.js';
import { isKeptFromStarting } from './held-back.js';
import type { Step } from './step.js';

/** Makes the task's workspace, takes the one that is ready for it, or finds the one that this run made before. */
export const prepare: Step<'dispatched'> = async (context, state) => {
  if (context.stop.mode === 'now' || isKeptFromStarting(context, state)) return 'pause';
  const { task, base } = state;
  const { provider } = context.parts;
  const { id: taskId } = task;
  const abortSignal = context.stop.signal;
  const request = { ...workspaceRequest(context.runId, task, base), abortSignal };
  const ready = context.ready.handOver(taskId, base);
  const created = checkCreated(provider.name, await (ready ?? provider.create(request)));
  // Durable with the intent that is next: until then, `create` finds the same workspace again.
  context.log.note({ type: 'workspace-created', taskId, ...created });
};
