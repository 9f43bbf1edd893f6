import { expand, type FileTree, matches } from '@pwt/scope';
import type { ClaimConflict } from '../claim-table.js';

const MOST_PATHS = 50;

/** The paths that claims of two tasks both match: files of the tree, or the witness if there are none. */
export function sharedPaths(reasons: readonly ClaimConflict[], files: FileTree): readonly string[] {
  const paths = new Set<string>();
  for (const { mine, theirs, witness, kind } of reasons) {
    if (paths.size >= MOST_PATHS) break;
    const found = kind === 'overlap' ? filesOfBoth(mine.pattern, theirs.pattern, witness, files) : [];
    for (const path of found.length > 0 ? found : [witness]) paths.add(path);
  }
  return [...paths].sort().slice(0, MOST_PATHS);
}

function filesOfBoth(mine: string, theirs: string, witness: string, files: FileTree): readonly string[] {
  if (mine === '**' && theirs === '**') return ['**'];
  if (mine === witness || theirs === witness) return [witness];
  const [narrow, wide] = mine === '**' ? [theirs, mine] : [mine, theirs];
  return expand(narrow, files)
    .filter((path) => matches(wide, path))
    .slice(0, MOST_PATHS);
}
