import { type CommitId, type Diagnostic, isPwtError, type RunState, type Task } from '@pwt/core';
import { entryAt, type Git, isAncestor, objectsOf, readCommitObject } from '@pwt/git';
import { nameIds } from './left-out.js';

/** How many runs back are looked at. */
const RECENT_RUNS = 50;

/** The runs of a project, as far as they are needed here. */
export interface RecordedRuns {
  list(): Promise<readonly string[]>;
  state(runId: string): Promise<RunState>;
}

/** Which of some tasks an earlier run has landed, by id, with that run's id. */
export type LandedBefore = (tasks: readonly Task[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Tells tasks that are done: an earlier run landed them on the same branch, the branch still contains that
 * work, and their specs have not changed since by a single character: since the plan, or since the task's own commit, in which
 * its agent may have ticked off what the spec asks for.
 */
export function landedBefore(
  runs: RecordedRuns,
  git: Git,
  target: { readonly branch: string; readonly commit: CommitId },
): LandedBefore {
  return async (tasks) => {
    const done = new Map<string, string>();
    for (const runId of [...(await runs.list())].slice(-RECENT_RUNS).reverse()) {
      const open = tasks.filter((task) => !done.has(task.id));
      if (open.length === 0) break;
      const run = await readable(runs, runId);
      if (run?.target !== target.branch || run.landedTip === undefined) continue;
      const answers = await Promise.all(open.map((task) => hasLanded(git, run, task)));
      const landed = open.filter((_, at) => answers[at]);
      if (landed.length === 0) continue;
      if (!(await isAncestor(git, { ancestor: run.landedTip, descendant: target.commit }))) continue;
      for (const task of landed) done.set(task.id, runId);
    }
    return done;
  };
}

/** What a user is told about tasks that were left out. */
export function landedDiagnostics(landed: ReadonlyMap<string, string>): Diagnostic[] {
  const ids = [...landed.keys()];
  if (ids.length === 0) return [];
  return [
    {
      code: 'PWT_TASK_LANDED',
      severity: 'info',
      message: `Left out, because they have landed and their specs have not changed since: ${nameIds(ids)}.`,
      hint: `To run one of them again, name it: pwt run ${ids[0]}`,
    },
  ];
}

/** A log that can't be read is left out, and stops no plan: `pwt status` reports it. */
async function readable(runs: RecordedRuns, runId: string): Promise<RunState | undefined> {
  try {
    return await runs.state(runId);
  } catch (error) {
    if (isPwtError(error)) return undefined;
    throw error;
  }
}

/** The record of a task, which may have had a longer or shorter id then: see `withOwnIds`. */
function recordOf(run: RunState, task: Task): ReturnType<RunState['tasks']['get']> {
  const isSame = (other: Task) =>
    other.source === task.source && (other.idInSource ?? other.id) === (task.idInSource ?? task.id);
  const known = run.tasks.get(task.id);
  if (task.source === undefined || known?.task.source === task.source) return known;
  const renamed = [...run.tasks.values()].find((one) => isSame(one.task));
  return renamed ?? (known?.task.source === undefined ? known : undefined);
}

async function hasLanded(git: Git, run: RunState, task: Task): Promise<boolean> {
  const before = recordOf(run, task);
  if (before?.outcome !== 'landed') return false;
  const hashes = ({ specs }: Pick<Task, 'specs'>) => specs.map((spec) => spec.hash).join(' ');
  if (hashes(before.task) === hashes(task)) return true;
  const paths = ({ specs }: Pick<Task, 'specs'>) => specs.map((spec) => spec.path).join('\0');
  const { onto, integratedAs } = before;
  if (onto === undefined || integratedAs === undefined || paths(before.task) !== paths(task)) return false;
  // What somebody else has written since the plan, the agent has not read.
  return (await isAsIn(git, integratedAs, task)) && (await isAsIn(git, onto, before.task));
}

/** True if the specs of a task are whole files, and the commit has them with the same text. Line ends are those of a checkout. */
async function isAsIn(git: Git, commit: CommitId, { specs }: Pick<Task, 'specs'>): Promise<boolean> {
  const tree = (await readCommitObject(objectsOf(git), commit))?.tree;
  if (tree === undefined) return false;
  for (const { path, text, firstLine } of specs) {
    if (firstLine !== undefined) return false;
    const place = await entryAt(objectsOf(git), tree, path);
    const object = place.status === 'found' ? await objectsOf(git).read(place.entry.id) : null;
    if (object?.type !== 'blob' || withPlainEnds(object.content.toString('utf8')) !== withPlainEnds(text))
      return false;
  }
  return specs.length > 0;
}

function withPlainEnds(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
}
