import { type AgentRun, openQuestion } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { mayAsk } from './may-ask.js';

/** How often it is looked whether an agent that was asked about goes on by itself. */
const LOOK_AGAIN_MS = 2000;

const LOOKS_PER_LIMIT = 10;

/**
 * Asks a person about an agent that shows no sign of life for the idle limit, and drops the question when the agent goes on by
 * itself. The agent is not stopped.
 *
 * @returns ends the watch
 */
export function watchIdle(context: RunContext, taskId: string, run: AgentRun): () => void {
  const { clock, log, options } = context;
  const limitMs = options.idleTimeoutMs;
  let isOver = false;
  let cancel: () => void = () => undefined;
  const again = (ms: number) => {
    // What can't be recorded here can't be recorded by what follows either, and that stops the run.
    cancel = clock.after(Math.max(1, ms), () => void look().catch(() => undefined));
  };
  const look = async () => {
    const lastSignAt = await lastSignOf(context, taskId, run);
    const task = log.task(taskId);
    if (isOver || task.phase !== 'running') return;
    const idleMs = clock.now() - lastSignAt;
    const asked = openQuestion(task);
    if (asked === undefined && idleMs >= limitMs && task.question === undefined) {
      await log.append({ type: 'question-asked', taskId, question: idleText(idleMs, task.activity?.text) });
    } else if (asked !== undefined && lastSignAt > asked.askedAt) {
      await log.append({ type: 'question-dropped', taskId });
    }
    if (isOver) return;
    // A sign that is followed by mere retries is dated by how often it is looked.
    if (asked === undefined && idleMs < limitMs) again(Math.min(limitMs - idleMs, limitMs / LOOKS_PER_LIMIT));
    else again(LOOK_AGAIN_MS);
  };
  if (mayAsk(context) && limitMs > 0) again(limitMs / LOOKS_PER_LIMIT);
  return () => {
    isOver = true;
    cancel();
  };
}

async function lastSignOf({ agents }: RunContext, taskId: string, run: AgentRun): Promise<number> {
  if (run.lastSignAt !== undefined) return run.lastSignAt().catch(() => run.startedAt);
  return Math.max(run.startedAt, agents.lastActivityAt(taskId) ?? 0);
}

function idleText(idleMs: number, last: string | undefined): string {
  const said = last === undefined ? '' : ` The last thing was: ${last}`;
  return `The agent has shown no sign of life for ${Math.round(idleMs / 1000)} s.${said}`;
}
