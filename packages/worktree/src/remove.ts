import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoveOutcome, RemoveRequest, Snapshot } from '@pwt/core';
import { dropRef, findUnfinishedAt, listModules, scanGitlinks, takeOffUnfinished } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { releaseDeadLock } from './dead-lock.js';
import { gitDirsOf, unregister } from './discard.js';
import { examine, findMarkedGitDir } from './evidence.js';
import { uncommittedIn } from './inner/commit-inner.js';
import { secureInner } from './inner/secure-inner.js';
import { hasLandedAs } from './landed-as.js';
import { findLeftovers } from './leftovers.js';
import type { WorktreeRecord } from './records.js';
import { decide, type Kept, kept, type Removable } from './removable.js';
import { examineOrAdopt } from './require-intact.js';
import { ignoredFiles, takeSnapshot } from './snapshot.js';
import type { TrashEntry } from './trash.js';

/**
 * Removes a task's worktree and branch, if it is certain that nothing is lost by it.
 *
 * The directory is moved into the trash by one rename; its ignored files stay there. What is given up by `force`, and
 * whatever else the named commit does not contain, is put into a snapshot first: if that fails, the directory is moved
 * back. The next call completes one that was interrupted. The branch is deleted only if it has not moved since the
 * check.
 */
export async function removeTask(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
): Promise<RemoveOutcome> {
  const { git, trash, records } = context;
  const { id, path, branch } = record.workspace;
  await trash.restoreInterrupted(id, path);
  const evidence = await examineOrAdopt(git, context.commonDir, record);
  if (evidence.status === 'gone') {
    const unsafe = await secureLeft(context, record);
    if (unsafe !== null) return unsafe;
    // What a killed removal has left of the git directory: nothing more can be read from it.
    await takeOffUnfinished(git, path);
  }
  if (evidence.status === 'intact') await releaseDeadLock(evidence);
  const decision = await decide(context, record, request, evidence, { isLookedAtAgain: true });
  if (decision.status === 'kept') return decision;
  const taken = await takeAway(context, record, request, decision);
  // Once it has been looked at in the trash, what it was when it was collected is of no more use.
  context.collected.delete(id);
  if (taken.status === 'kept') return decision.isAssumed ? removeTask(context, record, request) : taken;
  const { found } = decision;
  await releaseModules(typeof found === 'object' ? [found.gitDir] : await gitDirsOf(context, record));
  await unregister(context, record);
  const { tip } = decision;
  if (tip !== null) await dropRef(git, { ref: `refs/heads/${branch}`, oldValue: tip });
  await records.delete(id);
  const { snapshot } = taken;
  return { status: decision.found === 'gone' ? 'gone' : 'removed', ...(snapshot && { snapshot }) };
}

/** What {@link removeTask} would answer. Changes nothing. */
export async function foreseeTask(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
): Promise<RemoveOutcome> {
  const evidence = await examine(context.git, context.commonDir, record);
  const decision = await decide(context, record, request, evidence);
  if (decision.status === 'kept') return decision;
  return { status: decision.found === 'gone' ? 'gone' : 'removed' };
}

/** Removes a scratch checkout, whatever a gate has done to its files. */
export async function removeScratch(
  context: ProviderContext,
  record: WorktreeRecord,
): Promise<RemoveOutcome> {
  const evidence = await examine(context.git, context.commonDir, record);
  if (evidence.status === 'foreign') return kept('not-ours', evidence.message);
  if (evidence.status !== 'gone') {
    const entry = await context.trash.take(record.workspace.path, record.workspace.id);
    await context.trash.delete(entry);
  }
  await unregister(context, record);
  await context.records.delete(record.workspace.id);
  return { status: evidence.status === 'gone' ? 'gone' : 'removed' };
}

/** The repositories of submodules in whatever is left of the worktree's git directory, damaged or not. */
async function secureLeft(context: ProviderContext, record: WorktreeRecord): Promise<Kept | null> {
  const gitDirs = await gitDirsOf(context, record);
  for (const gitDir of gitDirs) {
    const unsafe = await secureInner(context, gitDir, record.workspace);
    if (unsafe !== null) return unsafe;
  }
  const unfinished = await findUnfinishedAt(context.commonDir, record.workspace.path);
  await releaseModules(unfinished.map(({ adminDir }) => adminDir));
  return null;
}

/**
 * Moves the repositories of submodules aside once their commits are safe, so that a killed deletion leaves no half of
 * one that would be read again.
 */
async function releaseModules(gitDirs: readonly string[]): Promise<void> {
  for (const gitDir of gitDirs) {
    if ((await listModules(gitDir)).length === 0) continue;
    const apart = join(gitDir, 'pwt-modules');
    await rm(apart, { recursive: true, force: true });
    await rename(join(gitDir, 'modules'), apart);
  }
}

type Taken =
  | Kept
  /** `ignored`: the files that stay in the trash; if absent, they are still to be found. */
  | { readonly status: 'taken'; readonly snapshot?: Snapshot; readonly ignored?: readonly string[] };

/**
 * Moves the directory into the trash, and checks it there once more: if it has changed since the first check, it is
 * moved back, unless the change may be given up.
 */
async function takeAway(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
  decision: Removable,
): Promise<Taken> {
  const { trash } = context;
  const { path, id } = record.workspace;
  if (decision.found === 'gone') return keepRest(context, record, request);
  const entry = await trash.take(path, id);
  try {
    const outcome =
      (request.force ?? []).length === 0 && decision.found !== 'broken'
        ? await lookAgain(context, record, request, { ...decision, ...decision.found }, entry)
        : await keepRest(context, record, request, entry);
    if (outcome.status === 'kept') await trash.putBack(entry);
    else await trash.reduce(entry, outcome.ignored ?? (await ignoredFiles(context, record, entry)));
    return outcome;
  } catch (error) {
    await trash.restoreInterrupted(id, path);
    throw error;
  }
}

/** Checks that the directory has not changed, since nothing may be given up. Links that lead out of it are kept. */
async function lookAgain(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
  { gitDir, head, inner }: Pick<Removable, 'head' | 'inner'> & { readonly gitDir: string },
  entry: TrashEntry,
): Promise<Taken> {
  const { path } = record.workspace;
  const moved = context.git.inWorktree({ path: entry.path, gitDir, commonDir: context.commonDir });
  const { headCommit, work, unmerged, repositories, linksOut, ignored } = await findLeftovers(moved, {
    ignored: true,
    ofSetup: record.hidden,
  });
  const now = inner.length === 0 ? [] : await scanGitlinks(moved, { linkedFrom: path });
  const isDirty = work.length + unmerged.length + repositories.length + uncommittedIn(now).length > 0;
  if (isDirty || headCommit !== head) return kept('in-use', `${path} is still being worked in`);
  const unsafe = await secureInner(context, gitDir, record.workspace);
  if (unsafe !== null) return unsafe;
  return linksOut.length > 0 ? keepRest(context, record, request, entry) : { status: 'taken', ignored };
}

/** Whatever the named commit does not contain. */
async function keepRest(
  context: ProviderContext,
  record: WorktreeRecord,
  { reason = 'before removal', containedIn, landedAs }: RemoveRequest,
  trashed?: TrashEntry,
): Promise<Taken> {
  const isProven = containedIn && landedAs && (await hasLandedAs(context.git, landedAs, containedIn));
  const safeIn = [containedIn, isProven ? landedAs.commit : undefined];
  const how = { reason, safeIn, ...(trashed && { trashed }) };
  const snapshot = await takeSnapshot(context, record, how);
  const gitDir = await findMarkedGitDir(context.commonDir, record.mark);
  // A snapshot of a worktree whose directory is gone does not have the repositories of its submodules.
  const unsafe = gitDir === undefined ? null : await secureInner(context, gitDir, record.workspace);
  if (unsafe !== null) return unsafe;
  return { status: 'taken', ...(snapshot && { snapshot }) };
}
