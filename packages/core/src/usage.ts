import { defined } from './defined.js';
import type { AgentUsage } from './launcher.js';
import type { RunState } from './state.js';
import type { TaskState } from './task-state.js';

/** Tokens that were read and written; `undefined` if neither is told. Pure. */
export function tokensOf({ inputTokens, outputTokens }: AgentUsage): number | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return (inputTokens ?? 0) + (outputTokens ?? 0);
}

/** What was used in all of these together; absent is what none of them tells. Pure. */
export function sumOfUsage(usages: Iterable<AgentUsage>): AgentUsage {
  let inputTokens: number | undefined;
  let outputTokens: number | undefined;
  let costUsd: number | undefined;
  for (const usage of usages) {
    inputTokens = sum(inputTokens, usage.inputTokens);
    outputTokens = sum(outputTokens, usage.outputTokens);
    costUsd = sum(costUsd, usage.costUsd);
  }
  return defined({ inputTokens, outputTokens, costUsd });
}

/** Of two totals of the same attempt, what was used: neither goes down. Pure. */
export function mostUsed(one: AgentUsage, other: AgentUsage): AgentUsage {
  const most = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
  return defined({
    inputTokens: most(one.inputTokens, other.inputTokens),
    outputTokens: most(one.outputTokens, other.outputTokens),
    costUsd: most(one.costUsd, other.costUsd),
  });
}

/** What all attempts at a task have used, the current one included. Pure. */
export function taskUsage({ attempts, figures }: Pick<TaskState, 'attempts' | 'figures'>): AgentUsage {
  return sumOfUsage([...attempts.map((attempt) => attempt.figures), figures]);
}

/** What all attempts at all tasks of a run have used. O(number of attempts). Pure. */
export function runUsage({ tasks }: Pick<RunState, 'tasks'>): AgentUsage {
  return sumOfUsage([...tasks.values()].map(taskUsage));
}

function sum(before: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? before : (before ?? 0) + more;
}
