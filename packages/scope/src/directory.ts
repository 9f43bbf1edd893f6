import type { Work } from './limits.js';
import { matchesList } from './match.js';
import { toPatternList } from './parse.js';
import { length, PathGrid } from './path-grid.js';
import type { Alternative, PatternLike } from './pattern.js';

/** Two paths that cannot both exist: one would be a file and a directory at once. */
export interface DirectoryConflict {
  /** Which of the two patterns matches the file. */
  readonly fileSide: 'a' | 'b';
  readonly file: string;
  /** A path below `file`, matched by the other pattern. */
  readonly below: string;
}

/**
 * Whether one pattern matches a file that the other one needs as a directory (`foo` against `foo/bar`):
 * `null`, or a pair with the shortest `file`. Exact over all paths, existing or not, for patterns without `!`;
 * with `!` a conflict is reported only if the pair that was found is not subtracted.
 *
 * Wildcards conflict easily (`src/*` with `src/api/x.ts`, because of a *file* `src/api`). A scheduler uses the narrower
 * rule of `ScopeIndex.directoryConflicts`. Costs about as much as `overlap`.
 *
 * @throws PwtError as `parsePattern`, when given text.
 */
export function directoryConflict(a: PatternLike, b: PatternLike): DirectoryConflict | null {
  const [left, right] = [toPatternList(a), toPatternList(b)];
  const work: Work = { steps: 0 };
  let best: DirectoryConflict | null = null;
  for (const x of left.include.flatMap((pattern) => pattern.alternatives)) {
    for (const y of right.include.flatMap((pattern) => pattern.alternatives)) {
      for (const conflict of [filesAsDirectories(x, y, 'a', work), filesAsDirectories(y, x, 'b', work)]) {
        if (!conflict || (best && length(best.file) <= length(conflict.file))) continue;
        const [fileList, belowList] = conflict.fileSide === 'a' ? [left, right] : [right, left];
        if (matchesList(fileList, conflict.file) && matchesList(belowList, conflict.below)) best = conflict;
      }
    }
  }
  return best;
}

/** The shortest file of one reading that is a proper ancestor of a path of the other. */
export function filesAsDirectories(
  files: Alternative,
  others: Alternative,
  fileSide: 'a' | 'b',
  work: Work,
): DirectoryConflict | undefined {
  // Distances in a grid lead to the end; both read backwards, they lead to every beginning of the other pattern.
  const grid = new PathGrid([...files.items].reverse(), [...others.items].reverse(), work);
  const rest: string[] = [];
  let best: DirectoryConflict | undefined;
  for (let cut = 1; cut < others.items.length; cut++) {
    const item = others.items[others.items.length - cut];
    if (item !== undefined && item !== '**') {
      if (item.shortest === undefined) return undefined;
      rest.unshift(item.shortest);
    }
    const file = grid.namesFrom(0, cut)?.reverse().join('/');
    if (file === undefined || (best && length(best.file) <= length(file))) continue;
    best = { fileSide, file, below: `${file}/${rest.join('/')}` };
  }
  return best;
}
