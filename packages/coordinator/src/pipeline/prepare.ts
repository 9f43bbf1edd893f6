import { checkWorkspace } from '../contract-check.js';
import type { Step } from './step.js';

/** Makes the task's workspace, or finds the one that this run made before. */
export const prepare: Step = async (context, taskId) => {
  if (context.stop.mode === 'now') return 'pause';
  const { provider } = context.parts;
  const { task, base } = context.log.task(taskId);
  if (base === undefined) throw new Error(`task ${taskId} was dispatched without a base`);
  const created = await provider.create({ runId: context.runId, taskId, title: task.title, base });
  const workspace = checkWorkspace(provider.name, 'create', created);
  await context.log.append({ type: 'workspace-created', taskId, workspace });
};
