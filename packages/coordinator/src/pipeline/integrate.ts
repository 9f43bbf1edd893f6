import type { ConflictedPath, RunState } from '@pwt/core';
import { checkAdvanced, checkIntegrated } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { finish } from './finish.js';
import { runGate } from './run-gate.js';
import type { Step } from './step.js';

/** Merges the task's commit onto the current integration tip. Moves nothing yet. */
export const integrate: Step = async (context, taskId) => {
  if (context.stop.mode === 'now') return 'pause';
  const { merger } = context.parts;
  const { task, commit, over } = context.log.task(taskId);
  const onto = context.log.state.integration;
  if (commit === undefined || onto === undefined) throw new Error(`task ${taskId} has nothing to integrate`);
  await context.log.append({ type: 'integrate-started', taskId, onto, commit });
  const what = over === undefined ? 'Merge task' : 'Task';
  const message = `${what} ${taskId}: ${task.title}\n\n${trailers(taskId, task.specs[0]?.path)}`;
  const request = {
    runId: context.runId,
    subject: { kind: 'tasks', taskIds: [taskId] },
    onto,
    commit,
    message,
  } as const;
  const answer =
    over === undefined || !merger.replay
      ? await merger.integrate(request)
      : await merger.replay({ ...request, over });
  const outcome = checkIntegrated(merger.name, answer);
  if (outcome.status === 'contained') {
    await finish(
      context,
      taskId,
      'unchanged',
      'everything it committed is on the integration branch already',
    );
  } else if (outcome.status === 'conflicted') {
    await context.log.append({ type: 'integrate-conflicted', taskId, onto, paths: outcome.paths });
    await finish(context, taskId, 'conflicted', conflictReason(context.log.state, taskId, outcome.paths));
  } else {
    await context.log.append({ type: 'integrate-merged', taskId, onto, candidate: outcome.commit });
  }
};

/** Runs the gate on the merge commit; without a gate, goes straight on. */
export const gate: Step = async (context, taskId) => {
  if (context.stop.mode === 'now') return 'pause';
  if (isStale(context, taskId)) return integrate(context, taskId);
  const { candidate } = context.log.task(taskId);
  if (candidate === undefined) throw new Error(`task ${taskId} has no candidate`);
  if (!context.parts.gate) return advance(context, taskId);
  await context.log.append({ type: 'gate-started', taskId, commit: candidate });
  const verdict = await runGate(context, { kind: 'tasks', taskIds: [taskId] }, candidate);
  // A gate that was stopped with its run says nothing about the commit.
  if (context.stop.signal.aborted) return 'pause';
  await context.log.append({ type: 'gate-finished', taskId, commit: candidate, verdict });
};

/** Decides by the gate's verdict. */
export const decide: Step = async (context, taskId) => {
  if (isStale(context, taskId)) return integrate(context, taskId);
  const { verdict } = context.log.task(taskId);
  if (verdict === undefined || verdict.status === 'green') return advance(context, taskId);
  const seconds = (verdict.durationMs / 1000).toFixed(1);
  if (verdict.status === 'red') {
    const said = lastLine(verdict.summary);
    await finish(context, taskId, 'failed', `the gate is red (exit code ${verdict.exitCode}): ${said}`);
  } else if (verdict.status === 'timed-out') {
    await finish(
      context,
      taskId,
      'failed',
      `the gate timed out after ${seconds} s: ${lastLine(verdict.summary)}`,
    );
  } else {
    await finish(context, taskId, 'held', `the gate could not run: ${verdict.message}`);
  }
};

/** Moves the integration ref to the tested commit: claims are free, dependents may start. */
const advance: Step = async (context, taskId) => {
  const { onto, candidate } = context.log.task(taskId);
  if (onto === undefined || candidate === undefined) throw new Error(`task ${taskId} has no candidate`);
  const { merger } = context.parts;
  const answer = await merger.advance({ runId: context.runId, from: onto, to: candidate });
  const outcome = checkAdvanced(merger.name, answer);
  if (outcome.status === 'moved' && outcome.tip !== candidate) {
    await finish(
      context,
      taskId,
      'held',
      `the integration ref was moved, and not by pwt (found ${outcome.tip}). Put it back with: git update-ref refs/pwt/${context.runId}/integration ${onto}`,
    );
    return;
  }
  await context.log.append({ type: 'integrated', taskId, from: onto, commit: candidate });
};

/** True if the integration ref has moved since the task was merged: what was merged then can't become its tip. */
function isStale(context: RunContext, taskId: string): boolean {
  return context.log.task(taskId).onto !== context.log.state.integration;
}

function trailers(taskId: string, spec: string | undefined): string {
  const lines = [`Pwt-Task: ${taskId}`];
  if (spec !== undefined && !/[\r\n]/.test(spec)) lines.push(`Pwt-Spec: ${spec}`);
  return `${lines.join('\n')}\n`;
}

/** Names the files, and the tasks that changed them since this one started. */
function conflictReason(state: RunState, taskId: string, paths: readonly ConflictedPath[]): string {
  const names = new Set(paths.map((entry) => entry.path));
  const rivals = [...state.tasks.values()]
    .filter((other) => other.task.id !== taskId && other.integratedAs !== undefined)
    .filter((other) =>
      other.changes?.some((change) => names.has(change.path) || names.has(change.from ?? '')),
    )
    .map((other) => other.task.id);
  const files = names.size === 0 ? 'moved files' : [...names].slice(0, 5).join(', ');
  const more = names.size > 5 ? ` and ${names.size - 5} more` : '';
  return `conflicts in ${files}${more}${rivals.length === 0 ? '' : ` with task ${rivals.join(', ')}`}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
