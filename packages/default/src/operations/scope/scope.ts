import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Task, throwIfAborted, tokens } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { approveCommands } from '../../approval/approve-commands.js';
import type { Composition } from '../../composition/composition.js';
import { resolveTarget } from '../../project/project.js';
import { SCOPES_FILE, textKey } from '../../scopes/scope-files.js';
import { requireWritable, writeScopes } from '../../scopes/write-scopes.js';
import type { OperationContext } from '../operation-context.js';
import { planTasks } from '../plan/plan-tasks.js';
import { trustForRun } from '../run/require-trust.js';
import { AskAgents, type AskAgentsOptions } from './ask-agents.js';
import { readAnswer, type ScopeAnswer } from './read-answer.js';
import { ANSWER_FILE } from './scope-prompt.js';

export interface ScopeRequest {
  /** As a user types them. @default all tasks that name no file */
  readonly taskIds?: readonly string[];
  /** Called when an agent has answered for some tasks, or has not. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly abortSignal?: AbortSignal;
}

/** What an agent proposes for a task. */
export interface ScopeProposal extends ScopeAnswer {
  readonly task: Pick<Task, 'id' | 'title'>;
  /** The text that it was proposed for. */
  readonly key: string;
}

export interface ProposedScopes {
  /** Those with at least one file. */
  readonly proposals: readonly ScopeProposal[];
  /** The tasks for which nothing was proposed, with the reason. */
  readonly without: readonly { readonly task: Pick<Task, 'id' | 'title'>; readonly reason: string }[];
  /** Where proposals are written to, relative to the root. */
  readonly file: string;
}

/** How many tasks one agent is asked about. */
const BATCH = 8;

const MOST_BYTES = 1_000_000;

/**
 * Has the configured agent read the repository and propose the files of tasks. Writes nothing into the checkout.
 *
 * @throws PwtError `PWT_SCOPES_FILE_INVALID`, `PWT_COMMAND_NOT_APPROVED`, `PWT_ABORTED`
 */
export async function proposeScopes(
  context: OperationContext,
  request: ScopeRequest,
): Promise<ProposedScopes> {
  const { taskIds = [], onProgress = () => undefined, abortSignal } = request;
  const { config } = context;
  // Before an agent has worked for nothing.
  await requireWritable(context.project.root);
  await approveCommands(context.project, config.repositoryCommands, context.approvals);
  const project = await trustForRun(context.project, false);
  const composition = await context.compose(config, project);
  const target = await resolveTarget(project, config.target);
  const plan = await planTasks(composition, { taskIds }, target);
  const wanted = taskIds.length > 0 ? plan.tasks : withoutScope(plan);
  if (wanted.length === 0) return { proposals: [], without: [], file: SCOPES_FILE };
  const tracked = new Set(plan.tree.paths);
  const agents = new AskAgents({ project, config, commit: target.commit, ...(await askedHere(composition)) });
  const found: ProposedScopes[] = [];
  const batches = batchesOf(wanted);
  let done = 0;
  await agents.each(batches, abortSignal, async (batch, answer) => {
    throwIfAborted(abortSignal);
    const written = await answerFile(join(answer.folder, ANSWER_FILE));
    const read = [written, answer.lastMessage].map((text) => readAnswer(text, (path) => tracked.has(path)));
    found.push(proposalsFor(batch, read[0] ?? read[1], answer.ending));
    done += batch.length;
    onProgress(done, wanted.length);
  });
  return {
    proposals: wanted.flatMap((task) =>
      found.flatMap((one) => one.proposals.filter((p) => p.task.id === task.id)),
    ),
    without: found.flatMap(({ without }) => without),
    file: SCOPES_FILE,
  };
}

/** What starts the agents: they answer in files, so it is on this machine, also where those of a run work on others. */
async function askedHere({
  project,
  config,
  container,
}: Composition): Promise<Pick<AskAgentsOptions, 'launcher' | 'provider'>> {
  const provider = await container.resolve(tokens.workspaceProvider);
  if (provider.placesByLabels !== true)
    return { provider, launcher: await container.resolve(tokens.agentLauncher) };
  const [{ makeProvider }, { makeLauncher }] = await Promise.all([
    import('../../composition/parts/workspace-provider.js'),
    import('../../composition/parts/agent-launcher.js'),
  ]);
  return { provider: makeProvider(project, config), launcher: await makeLauncher(project, config) };
}

/** What the agent has written; nothing if that is no file of a likely size. */
async function answerFile(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() && stats.size <= MOST_BYTES ? readFile(path, 'utf8') : '';
}

/** Writes proposals that a person has seen. @returns the file. Absolute. */
export function keepScopes(
  { project }: Pick<OperationContext, 'project'>,
  proposals: readonly ScopeProposal[],
): Promise<string> {
  return writeScopes(
    project.root,
    new Map(proposals.map(({ task, files, key }) => [task.id, { files, key }])),
  );
}

function withoutScope({ tasks, claims }: Plan): readonly Task[] {
  return tasks.filter((_, at) => {
    const entry = claims[at];
    return entry?.unknownScope || !entry?.claims.some(({ mode }) => mode !== 'read');
  });
}

function batchesOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  return Array.from({ length: Math.ceil(tasks.length / BATCH) }, (_, at) =>
    tasks.slice(at * BATCH, (at + 1) * BATCH),
  );
}

function proposalsFor(
  tasks: readonly Task[],
  answers: ReadonlyMap<string, ScopeAnswer> | undefined,
  ending: string | undefined,
): ProposedScopes {
  const proposals: ScopeProposal[] = [];
  const without: { task: Task; reason: string }[] = [];
  for (const task of tasks) {
    const answer = answers?.get(task.id);
    if (answer && Object.keys(answer.files).length > 0)
      proposals.push({ task, key: textKey(task), ...answer });
    else if (answer) without.push({ task, reason: ['the agent can not tell', ...answer.refused].join('; ') });
    else without.push({ task, reason: ending ?? 'the agent has not answered' });
  }
  return { proposals, without, file: SCOPES_FILE };
}
