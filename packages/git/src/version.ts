import { PwtError } from '@pwt/core';

/** A release of git. */
export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What `git version` prints, for people. */
  readonly text: string;
}

/** What a git can do, by the release that brought it. */
export const gitFeatureSince = {
  /** `merge-tree --write-tree`: merges in memory. */
  mergeTreeWriteTree: '2.38',
  /** `merge-tree --stdin`: many merges in one process. */
  mergeTreeStdin: '2.39',
  /** `merge-tree --merge-base`. */
  mergeTreeMergeBase: '2.40',
  /** `--attr-source`: attributes from a tree instead of the working tree. */
  attrSource: '2.41',
  /** `add --sparse`: files outside of a sparse checkout. */
  addSparse: '2.34',
} as const;

/** One flag for each entry of {@link gitFeatureSince}. */
export type GitFeatures = Readonly<Record<keyof typeof gitFeatureSince, boolean>>;

/** The oldest git that pwt runs with. */
export const minimumGitVersion = '2.30';

/** The oldest git with which every part of pwt works at its best. */
export const recommendedGitVersion = '2.41';

/**
 * Reads the output of `git version`, vendor suffixes included (`2.39.5 (Apple Git-154)`, `2.47.0.rc1`).
 *
 * @throws PWT_GIT_FAILED if there is no version in it.
 */
export function parseGitVersion(text: string): GitVersion {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) {
    throw new PwtError('PWT_GIT_FAILED', `Cannot read a version from what git printed: ${text.trim()}`, {
      hint: 'Check that `git` on the PATH is git: git version',
      data: { output: text },
    });
  }
  const [, major, minor, patch] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0), text: text.trim() };
}

/** True if `version` is the release `minimum` (`"2.38"`) or a later one. */
export function isAtLeast(version: GitVersion, minimum: string): boolean {
  const [major = 0, minor = 0, patch = 0] = minimum.split('.').map(Number);
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.patch >= patch;
}

/** The features of a release. */
export function gitFeatures(version: GitVersion): GitFeatures {
  return Object.fromEntries(
    Object.entries(gitFeatureSince).map(([name, since]) => [name, isAtLeast(version, since)]),
  ) as GitFeatures;
}

/**
 * Refuses a git older than `minimum`.
 *
 * @param purpose what the release is needed for; ends the sentence in the message.
 * @throws PWT_GIT_TOO_OLD
 */
export function requireGitVersion(
  version: GitVersion,
  minimum: string = minimumGitVersion,
  purpose = 'pwt',
): void {
  if (isAtLeast(version, minimum)) return;
  throw new PwtError(
    'PWT_GIT_TOO_OLD',
    `git ${minimum} or newer is needed for ${purpose}; found ${version.text}.`,
    {
      hint: `Install git ${recommendedGitVersion} or newer.`,
      data: { found: version.text, minimum },
    },
  );
}
