import { commitTree } from './commit.js';
import type { Git } from './git.js';
import { mergeBases } from './history.js';
import { fallbackIdentity } from './identity.js';
import { mergeTree } from './merge-tree.js';

/**
 * The commit or tree that a three-way merge of two commits takes as their common base; `null` for unrelated
 * histories. What differs between it and one side is what that side has changed.
 *
 * That is their merge base. After a criss-cross there are several, which git merges with each other, conflict
 * markers and all ("virtual merge base", Documentation/merge-strategies: `ort`). Writes objects only.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38 if there are several
 */
export async function mergeBaseTree(git: Git, one: string, other: string): Promise<string | null> {
  if (one === other) return one;
  const [first, ...more] = await mergeBases(git, one, other);
  if (first === undefined) return null;
  let base = first;
  for (const next of more) base = await joined(git, base, next);
  return base;
}

async function joined(git: Git, ours: string, theirs: string): Promise<string> {
  const { tree } = await mergeTree(git, { ours, theirs, allowUnrelatedHistories: true });
  // Fixed, so that the same bases make the same object.
  const identity = { ...fallbackIdentity, date: new Date(0) };
  const message = 'pwt: merge base\n';
  return commitTree(git, { tree, parents: [ours, theirs], message, author: identity, committer: identity });
}
