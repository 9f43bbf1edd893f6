import { type CommitId, isTaskId } from '@pwt/core';
import { type Git, listRefs } from '@pwt/git';
import { NAME } from '../protocol/names.js';
import type { LateWork, Standing } from './exchange.js';
import { requireOwnRef } from './remote/own-ref.js';
import { isTombstone } from './tombstone.js';

/** Below which runs have their refs on an exchange. */
export const kinds: readonly string[] = ['attempts', 'unfinished', 'late', 'asked', 'logs'].map(
  (kind) => `refs/pwt/${kind}`,
);

/** The refs of an exchange, and what they are at. */
export type Refs = ReadonlyMap<string, CommitId>;

/** Where the refs of a run are on an exchange. */
export function refsOfRun(runId: string): readonly string[] {
  const prefixes = kinds.map((kind) => `${kind}/${runId}`);
  for (const prefix of prefixes) requireOwnRef(prefix);
  return prefixes.map((prefix) => `${prefix}/`);
}

/** `undefined` for a ref that no worker makes. */
export function parseLate(ref: string, commit: CommitId): LateWork | undefined {
  const [, runId = '', taskId = '', number = '', worker = ''] =
    /^refs\/pwt\/late\/([^/]+)\/([^/]+)\/([1-9]\d{0,5})\/([^/]+)$/.exec(ref) ?? [];
  if (!isTaskId(runId) || !isTaskId(taskId) || !NAME.test(worker)) return undefined;
  return { attempt: { runId, taskId, number: Number(number) }, worker, ref, commit };
}

/**
 * Those refs of a run that have work which no ref of the repository here keeps, and whose task is not `safe`. Unfinished work counts
 * if nothing came after it.
 */
export async function untaken(
  git: Git,
  {
    runId,
    found,
    safe,
  }: { readonly runId: string; readonly found: Refs; readonly safe: ReadonlySet<string> },
): Promise<readonly (readonly [ref: string, commit: CommitId])[]> {
  const mayBeWork = [...found].filter(
    ([ref, commit]) =>
      /^refs\/pwt\/(attempts|unfinished|late|asked)\//.test(ref) &&
      !safe.has(taskOf(ref)) &&
      !isTombstone(commit) &&
      !isSuperseded(ref, found),
  );
  if (mayBeWork.length === 0) return [];
  const kept = new Set((await listRefs(git, `refs/pwt/${runId}/`)).map(({ id }) => id));
  const open = mayBeWork.filter(([, commit]) => !kept.has(commit));
  const reachable = await Promise.all(open.map(([, commit]) => isReachable(git, commit)));
  return open.filter((_, index) => !reachable[index]);
}

/** How the tasks stand that have refs in a run; open are also those of which an attempt was given up, whose worker may come back. */
export async function standings(
  found: Refs,
  standing: (taskId: string) => Promise<Standing>,
): Promise<ReadonlyMap<string, Standing>> {
  const givenUp = [...found].filter(
    ([ref, commit]) => isTombstone(commit) || ref.startsWith('refs/pwt/late/'),
  );
  const answers = new Map<string, Standing>(givenUp.map(([ref]) => [taskOf(ref), 'open']));
  for (const task of new Set([...found.keys()].map(taskOf)))
    if (!answers.has(task)) answers.set(task, await standing(task));
  return answers;
}

/**
 * Keeps work as a snapshot of its task, under the first free number: `pwt restore` finds it.
 *
 * @returns the new ref; `undefined` if it was kept already
 */
export async function keepSnapshot(
  git: Git,
  { runId, ref, commit }: { readonly runId: string; readonly ref: string; readonly commit: CommitId },
  take: (into: string) => Promise<void>,
): Promise<string | undefined> {
  const taskId = taskOf(ref);
  const folder = `refs/pwt/${runId}/snapshots/${taskId}/`;
  requireOwnRef(folder.slice(0, -1));
  const there = await listRefs(git, folder);
  if (there.some(({ id }) => id === commit)) return undefined;
  const numbers = there.map((one) => Number(one.ref.slice(folder.length))).filter(Number.isInteger);
  const into = `${folder}${Math.max(0, ...numbers) + 1}`;
  await take(into);
  return into;
}

/** All refs of a run have the task there. */
export function taskOf(ref: string): string {
  return ref.split('/')[4] ?? '';
}

function isSuperseded(ref: string, found: Refs): boolean {
  const [, name] = /^refs\/pwt\/unfinished\/(.+)$/.exec(ref) ?? [];
  if (name === undefined) return false;
  const result = found.get(`refs/pwt/attempts/${name}`);
  const isFinished = result !== undefined && !isTombstone(result);
  return isFinished || [...found.keys()].some((other) => other.startsWith(`refs/pwt/late/${name}/`));
}

/** True if a ref has it, and with it everything that it needs. */
async function isReachable(git: Git, commit: CommitId): Promise<boolean> {
  const args = ['rev-list', '--max-count=1', '--end-of-options', commit, '--not', '--glob=refs/*'];
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 128] });
  return exitCode === 0 && stdout === '';
}
