import type { Proposal, Proposed } from '@pwt/coordinator';
import { hasOwnCommit, PwtError, type RunState } from '@pwt/core';
import { ownTokens } from '../../composition/own-tokens.js';
import { withRunLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import { knowsAll, selectInRun, selectTasks } from '../plan/select-tasks.js';
import { recordedConfig } from '../run/recorded-config.js';
import { chooseForge, Forge } from './forge.js';
import { addressOf, pushBranch } from './push.js';
import { wordsOf } from './words.js';

export interface PullRequestsRequest {
  /** @default the newest run with tested work that has not landed */
  readonly runId?: string;
  /** As a user types them. @default all whose work is tested and has not landed */
  readonly taskIds?: readonly string[];
  /** One pull request for all of them. @default false: one for each */
  readonly one?: boolean;
  /** @default false */
  readonly draft?: boolean;
}

export interface PullRequests {
  readonly runId: string;
  /** The name of the remote, and its address. */
  readonly remote: string;
  readonly address: string;
  readonly results: readonly Proposed[];
}

/**
 * Pushes tested work as branches and opens pull requests with the user's own program. Nothing else pushes anything; the remote
 * is the one of the configuration.
 */
export async function pullRequests(
  context: OperationContext,
  request: PullRequestsRequest = {},
): Promise<PullRequests> {
  const { project, overrides, config } = context;
  const { git, root, env } = project;
  const { one = false, draft: isDraft = false } = request;
  const state = await runOf(context, request);
  const { runId } = state;
  const asked = await askedOf(context, state, request.taskIds);
  requireChanges(state, asked, one);
  const { remote } = config;
  const address = await addressOf(git, remote);
  const program = await chooseForge(config.forge, { address, root, env });
  const forge = new Forge({ program, address, root, env, isDraft });
  const { container } = await context.compose(recordedConfig(root, state, overrides));
  const results: Proposed[] = [];
  await withRunLock(project, runId, async () => {
    const coordinator = await container.resolve(ownTokens.coordinator);
    await coordinator.propose({
      runId,
      proposals: proposalsOf(state, asked, one),
      publisher: {
        remote,
        push: (push) => pushBranch(git, { remote, ...push }),
        open: (open) => forge.open(open),
      },
      onProposed: (result) => results.push(result),
    });
  });
  return { runId, remote, address, results };
}

async function runOf(
  context: OperationContext,
  { runId, taskIds = [] }: PullRequestsRequest,
): Promise<RunState> {
  const { runs } = context;
  const hasReady = (run: RunState) => readyIn(run).length > 0;
  if (taskIds.length === 0) return runs.find(runId, hasReady, 'with tested work that has not landed');
  const select = await selectTasks(context, taskIds);
  const knows = (run: RunState) => knowsAll(select, run);
  return runs.find(runId, knows, `with ${taskIds.join(', ')}`);
}

async function askedOf(
  context: OperationContext,
  state: RunState,
  typed: readonly string[] = [],
): Promise<readonly string[]> {
  const ready = readyIn(state);
  if (typed.length > 0) return selectInRun(await selectTasks(context, typed), state);
  if (ready.length > 0) return ready;
  throw new PwtError(
    'PWT_TASK_NOT_READY',
    `No task of run ${state.runId} has tested work that has not landed.`,
    {
      hint: 'How they stand: pwt status',
    },
  );
}

function proposalsOf({ runId, tasks }: RunState, asked: readonly string[], one: boolean): Proposal[] {
  if (one) return [{ asked, branch: `pwt/${runId}`, words: wordsOf }];
  return asked.map((id) => ({
    asked: [id],
    branch: tasks.get(id)?.workspace?.branch ?? `pwt/${runId}/${id}`,
    words: wordsOf,
  }));
}

/** @throws PwtError `PWT_TASK_NOT_READY` for work that needed no change: no forge takes a pull request without commits */
function requireChanges({ tasks }: RunState, asked: readonly string[], one: boolean): void {
  const without = asked.filter((id) => {
    const task = tasks.get(id);
    return task?.phase === 'integrated' && !hasOwnCommit(task);
  });
  const [id] = without;
  // One for all of them may have such tasks among others.
  if (id === undefined || (one && without.length < asked.length)) return;
  throw new PwtError('PWT_TASK_NOT_READY', `Task ${id} needed no change: there is nothing to propose.`, {
    hint: 'Leave it out: it is done.',
    data: { taskId: id },
  });
}

/** Those with something to propose. */
function readyIn({ tasks }: RunState): readonly string[] {
  return [...tasks.values()].flatMap((task) =>
    task.phase === 'integrated' && task.outcome === 'integrated' && hasOwnCommit(task) ? [task.task.id] : [],
  );
}
