import { contentConflict, withoutPaths } from './content-conflict.js';
import type { Git } from './git.js';
import { joinsLineByLine } from './join-lines.js';
import type { MergedPair } from './merge-many.js';
import { type ReadFrom, readBlobs } from './read-blobs.js';

/** The same pairs without conflicts in files that are joined line by line. */
export async function withoutLists(
  git: Git,
  merged: readonly MergedPair[],
  lists: readonly string[],
  from: ReadFrom,
): Promise<readonly MergedPair[]> {
  const idsIn = (pair: MergedPair, path: string) =>
    pair.status === 'conflicted' ? contentConflict(pair, path)?.map(({ id }) => id) : undefined;
  const ids = [...new Set(merged.flatMap((pair) => lists.flatMap((path) => idsIn(pair, path) ?? [])))];
  if (ids.length === 0) return merged;
  const contents = new Map((await readBlobs(git, ids, from)).map((content, at) => [ids[at], content]));
  const isJoined = (versions: readonly string[] = []) => {
    const [base, ours, theirs] = versions.map((id) => contents.get(id));
    return base != null && ours != null && theirs != null && joinsLineByLine({ base, ours, theirs });
  };
  return merged.map((pair) => {
    if (pair.status !== 'conflicted') return pair;
    const joined = new Set(lists.filter((path) => isJoined(idsIn(pair, path))));
    return joined.size === 0 ? pair : (withoutPaths(pair, joined) ?? { status: 'clean' });
  });
}
