import { mayBeSeenByChildren } from '@pwt/core';
import { pinnedEnvironment } from './pinned.js';

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment in which git runs: the caller's without its `GIT_*` variables (except those
 * of which `mayBeSeenByChildren` is true), and with {@link pinnedEnvironment} on top.
 */
export function gitEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && mayBeSeenByChildren(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...pinnedEnvironment };
}
