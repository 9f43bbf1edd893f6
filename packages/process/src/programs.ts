import type { RunningProgram } from '@pwt/core';
import { currentSystem } from './system/current.js';

/**
 * The live processes of a program and of its helpers (`git`, `git-lfs`), with what the system tells of them.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export function findPrograms(name: string): Promise<RunningProgram[]> {
  return currentSystem().programs(name);
}

/**
 * The live processes that have one of these files open, as far as this user may see. Paths are absolute, with
 * links resolved.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export function findHolders(files: readonly string[]): Promise<RunningProgram[]> {
  return currentSystem().holders(files);
}
