import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shellQuote } from '@pwt/core';
import { deleteRef, type Git, listRefs, type Ref } from '@pwt/git';
import { findMarked } from '@pwt/process';
import type { Project } from '../project/project.js';
import { runsDir } from '../project/project.js';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import type { MendableCheck } from './check.js';

/** What is left of runs of which no log can be read: agents that still run, and refs. */
export async function checkUnknownRuns({ project, runs }: PwtCoordinator): Promise<MendableCheck[]> {
  const [states, damaged] = await Promise.all([runs.states(), runs.damaged()]);
  const known = new Set(states.map(({ runId }) => runId));
  // A damaged log still says which of its refs matter; it is moved aside first.
  const named = new Set(damaged.map(({ runId }) => runId));
  return [
    ...(await strayAgents(project, known)),
    ...(await strayRefs(project.git, (runId) => known.has(runId) || named.has(runId))),
  ];
}

/** The live processes of a run's agents, by the marks of its attempts. */
export async function agentsOf(project: Project, runId: string): Promise<number[]> {
  const { attemptMark } = await import('@pwt/launcher');
  const found: number[] = [];
  const tasks = join(runsDir(project), runId, 'tasks');
  for (const taskId of await namesIn(tasks)) {
    for (const attempt of await namesIn(join(tasks, taskId))) {
      const mark = attemptMark(runId, taskId, attempt);
      found.push(...(await findMarked(mark)).map(({ pid }) => pid));
    }
  }
  return found;
}

async function strayAgents(project: Project, known: ReadonlySet<string>): Promise<MendableCheck[]> {
  const checks: MendableCheck[] = [];
  for (const runId of await namesIn(runsDir(project))) {
    const pids = known.has(runId) ? [] : await agentsOf(project, runId);
    if (pids.length === 0) continue;
    const message = `agents of run ${runId}, whose log can't be read, still run`;
    checks.push({ name: 'agents', status: 'warning', message, fix: `kill ${pids.join(' ')}` });
  }
  return checks;
}

async function strayRefs(git: Git, isKnown: (runId: string) => boolean): Promise<MendableCheck[]> {
  const refs = await listRefs(git, 'refs/pwt/');
  const checks: MendableCheck[] = [];
  for (const { ref, id } of refs) {
    const [, runId = '', kind] = /^refs\/pwt\/([^/]+)\/(integration|candidates)\b/.exec(ref) ?? [];
    if (kind === undefined || isKnown(runId)) continue;
    checks.push(await checkRef(git, { ref, id }, runId));
  }
  return checks;
}

async function checkRef(
  git: Git,
  { ref, id }: Pick<Ref, 'ref' | 'id'>,
  runId: string,
): Promise<MendableCheck> {
  const holders = await git.lines(['for-each-ref', '--count=1', `--contains=${id}`, 'refs/heads/']);
  const message = `${ref} is of run ${runId}, of which there is no log`;
  if (holders.length === 0) {
    const fix = `Keep its work on a branch: git branch ${shellQuote(`pwt-${runId}-${id.slice(0, 8)}`)} ${id}`;
    return { name: 'refs', status: 'note', message: `${message}, and what it holds is on no branch`, fix };
  }
  return {
    name: 'refs',
    status: 'note',
    message,
    fix: 'pwt doctor --fix',
    mend: async () => {
      await deleteRef(git, { ref, oldValue: id });
      return `deleted ${ref}, which is contained in a branch`;
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
