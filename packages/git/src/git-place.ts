/**
 * The repository that git works in, given explicitly: git does not search for it, so that nothing in a working tree (a
 * `.git` that an agent has replaced) can lead it to another one. All paths are absolute.
 */
export interface GitPlace {
  /** The top of the working tree. */
  readonly workTree: string;
  /** The working tree's own git directory. */
  readonly gitDir: string;
  /** The git directory that all worktrees share. */
  readonly commonDir: string;
  /** What git uses as {@link commonDir}: the same repository with a trusted configuration; see `openDoor`. */
  readonly mirror?: string;
}

/** A linked worktree of a repository. All paths are absolute. */
export interface WorktreePlace {
  readonly path: string;
  /** Its own git directory, `<commonDir>/worktrees/<name>`. */
  readonly gitDir: string;
  readonly commonDir: string;
}

/** The environment that gives a place to git. */
export function placeVariables(place: GitPlace | undefined): Record<string, string> {
  if (place === undefined) return {};
  return {
    GIT_DIR: place.gitDir,
    GIT_WORK_TREE: place.workTree,
    GIT_COMMON_DIR: place.mirror ?? place.commonDir,
  };
}
