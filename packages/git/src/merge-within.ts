import { PwtError, throwIfAborted } from '@pwt/core';
import type { Git } from './git.js';
import { joinLists } from './join-lists.js';
import { type MergeTreeOutcome, type MergeTreeRequest, mergeTree } from './merge-tree.js';

/**
 * A merge with a time-out. In memory it takes milliseconds; a merge driver of the user's may hang. Conflicts in `lists` are
 * joined, see {@link joinLists}.
 */
export async function mergeWithin(
  git: Git,
  sides: Pick<MergeTreeRequest, 'ours' | 'theirs' | 'base' | 'labels'>,
  limits: {
    readonly mergeTimeoutMs: number;
    readonly abortSignal: AbortSignal | undefined;
    readonly lists?: readonly string[] | undefined;
  },
): Promise<MergeTreeOutcome> {
  const { mergeTimeoutMs: timeoutMs, abortSignal } = limits;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    const error = new PwtError('PWT_MERGE_TIMED_OUT', `Merging ${sides.theirs} took over ${timeoutMs} ms.`, {
      hint: 'A merge driver probably hangs. See: git config --get-regexp "merge[.].*[.]driver"',
      data: { ...sides, timeoutMs },
    });
    stop.abort(error);
  }, timeoutMs);
  const signals = abortSignal === undefined ? [stop.signal] : [stop.signal, abortSignal];
  try {
    const merge = await mergeTree(git, { ...sides, abortSignal: AbortSignal.any(signals) });
    return await joinLists(git, merge, limits.lists ?? []);
  } catch (error) {
    throwIfAborted(abortSignal);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
