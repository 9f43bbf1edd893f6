import { resolve } from 'node:path';
import { shellQuote } from '@pwt/core';
import { type Restored, type RestoreTarget, restore, type SnapshotView, viewSnapshot } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { enumerate } from '../format/lists.js';
import { alignColumns, oneLine } from '../format/text.js';
import { count } from '../format/units.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** How many paths of a snapshot a list names. */
const SOME_PATHS = 4;

/** `pwt restore`: shows the snapshots, or restores one. */
export async function restoreCommand(context: CommandContext): Promise<number> {
  const { io, json, args } = context;
  const target = targetOf(context);
  return withCoordinator(context, async (coordinator) => {
    const { number: wanted } = context.flags;
    const found = (await coordinator.snapshots({ taskIds: args, ...runOf(context) })).filter(
      ({ number }) => wanted === undefined || number === Number(wanted),
    );
    const [newest] = found;
    if (wanted !== undefined && newest === undefined)
      throw usageError(`There is no snapshot no. ${wanted} of that.`, 'See which there are: pwt restore');
    if (target !== undefined && newest !== undefined) {
      const restored = await restore(coordinator.project, newest, target);
      if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, restored });
      else for (const line of restoredLines(restored)) printLine(io, line);
      return exitCodes.ok;
    }
    const views: SnapshotView[] = [];
    for (const entry of found) views.push(await viewSnapshot(coordinator.project, entry));
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, snapshots: views });
    else for (const line of listLines(views, coordinator.project.root)) printLine(io, line);
    return exitCodes.ok;
  });
}

/** @throws PwtError `PWT_USAGE` */
function targetOf({ flags, args, cwd }: CommandContext): RestoreTarget | undefined {
  const { to, branch, list, number } = flags;
  const asked = [to, branch].filter((value) => value !== undefined).length + (list === true ? 1 : 0);
  if (asked > 1) throw usageError('One of --to, --branch and --list, not several.');
  if (number !== undefined && !/^\d+$/.test(String(number))) throw usageError('--number takes a number.');
  if (to === undefined && branch === undefined) return undefined;
  if (args.length !== 1)
    throw usageError('Only one task can be restored at a time.', 'See which there are: pwt restore');
  return typeof to === 'string' ? { directory: resolve(cwd, to) } : { branch: String(branch) };
}

function runOf({ flags }: CommandContext): { readonly runId?: string } {
  return typeof flags.run === 'string' ? { runId: flags.run } : {};
}

function listLines(views: readonly SnapshotView[], root: string): string[] {
  const [first] = views;
  if (first === undefined) return ['No snapshots: nothing that an agent left has had to be kept apart.'];
  // Alone, a snapshot is shown with every path.
  const most = views.length === 1 ? Number.POSITIVE_INFINITY : SOME_PATHS;
  const rows = views.map((view) => [
    view.taskId,
    new Date(view.takenAt).toISOString().slice(0, 16).replace('T', ' '),
    `run ${view.runId}`,
    `no. ${view.number}`,
    oneLine(view.reason),
    oneLine(contentOf(view, most)),
  ]);
  const task = shellQuote(first.taskId);
  return [
    ...alignColumns(rows),
    `To restore the newest of a task: pwt restore ${task} --to ${shellQuote(`${root}-restored-${first.taskId}`)}`,
    `As a branch: pwt restore ${task} --branch ${shellQuote(`restored-${first.taskId}`)}. An older one: --run ID --number N`,
  ];
}

function contentOf({ changes, stagedApart, commits, hasMore, head }: SnapshotView, most: number): string {
  const paths = changes.map(({ status, path }) => `${status} ${path}`);
  return [
    `${count(changes.length, 'file')} beyond ${head.slice(0, 10)}${paths.length === 0 ? '' : `: ${enumerate(paths, most)}`}`,
    ...(stagedApart.length === 0 ? [] : [`staged apart: ${enumerate(stagedApart, most)}`]),
    ...(commits.length === 0 ? [] : [`more commits: ${commits.map((id) => id.slice(0, 10)).join(', ')}`]),
    ...(hasMore ? ['and conflicts, submodules, repositories inside or an operation in progress'] : []),
  ].join('; ');
}

function restoredLines({ snapshot, directory, inner = [], branch, commit = '' }: Restored): string[] {
  const what = `task ${snapshot.taskId} (${snapshot.reason})`;
  if (branch !== undefined) return [oneLine(`restored ${what} as branch ${branch}, ${commit.slice(0, 10)}`)];
  const place = shellQuote(directory ?? '');
  return [
    oneLine(`restored ${what} in ${directory ?? ''}, a worktree with HEAD detached. It is yours now.`),
    ...inner.flatMap(({ path, gitDir }) =>
      gitDir === undefined
        ? []
        : [oneLine(`its own repository ${path} came back in ${gitDir}, configuration and hooks included`)],
    ),
    `When you are done with it: git worktree remove --force ${place}`,
  ];
}
