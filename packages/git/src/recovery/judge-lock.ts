import { sep } from 'node:path';
import type { RunningProgram } from '@pwt/core';
import type { LockFile } from './lock-files.js';
import type { RunningCommand } from './running-commands.js';

import { onlyReads, subcommandOf } from './subcommand.js';

/** Where a repository is. Absolute, with links resolved. */
export interface Places {
  readonly commonDir: string;
  /** The main working tree and the one that pwt works from, as far as they are known. */
  readonly main: readonly string[];
  /** Linked worktrees, by the name of their folder under `worktrees`. */
  readonly linked: ReadonlyMap<string, string>;
  /** Those of them that pwt has made, by the same name. */
  readonly own: ReadonlySet<string>;
  /** The branches that pwt has made, without `refs/heads/`. */
  readonly branches: ReadonlySet<string>;
}

/** What is known when locks are judged. */
export interface Evidence {
  /** The live git processes of the machine. */
  readonly programs: readonly RunningProgram[];
  /** Commands of pwt's that have died. */
  readonly dead: readonly RunningCommand[];
  readonly places: Places;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly bootedAt: number;
  /** What git said about the locks in its way; empty if nothing waits for one. */
  readonly complaint: string;
}

export type Judgement =
  /** A live process may hold it. */
  | { readonly status: 'held'; readonly by: RunningProgram }
  /** Its owner is dead. */
  | { readonly status: 'dead'; readonly why: string }
  /** No live git could hold it, but nothing proves that it was left by a git of pwt's. */
  | { readonly status: 'unknown' };

/** How long a lock in pwt's own namespace must have stood still: no command holds one for this long. */
const STILL_MS = 1000;
/** Clocks of processes and of files differ by some ticks. */
const CLOCK_MS = 100;

/** Whose a lock is. Looks only at evidence that was gathered after the lock was seen. */
export function judgeLock(lock: LockFile, evidence: Evidence): Judgement {
  const { programs, dead, now, bootedAt } = evidence;
  if (lock.changedAt < bootedAt - STILL_MS)
    return { status: 'dead', why: 'it is older than the last start of the machine' };
  const holder = programs.find((program) => couldHold(program, lock, evidence));
  if (holder) return { status: 'held', by: holder };
  const command = dead.find((candidate) => couldHaveLeft(candidate, lock, evidence));
  if (command) return { status: 'dead', why: `left by \`git ${nameOf(command)}\`, which was killed` };
  if (now - lock.changedAt >= STILL_MS && isOurPlace(lock, evidence))
    return { status: 'dead', why: 'left by a git that was killed, in a place of pwt' };
  return { status: 'unknown' };
}

/** On a ref that only pwt moves, or in the way of pwt on a branch or in a worktree of its own: the agent has ended. */
function isOurPlace({ name }: LockFile, { places, complaint }: Evidence): boolean {
  const [top, second = '', ...rest] = name.split(sep);
  if (top === 'refs' && second === 'pwt') return true;
  const branch = rest.join('/').replace(/\.lock$/, '');
  const isOurs =
    (top === 'refs' && second === 'heads' && places.branches.has(branch)) ||
    (top === 'worktrees' && places.own.has(second));
  return isOurs && complaint.includes(`${sep}${name}`);
}

/** A git that was started before the lock was written, that writes, and that works in the repository. */
function couldHold(program: RunningProgram, lock: LockFile, { places }: Evidence): boolean {
  const { args, cwd, environment, startedAt } = program;
  if (startedAt > lock.changedAt + CLOCK_MS || onlyReads(args.slice(1))) return false;
  if (cwd === undefined) return true;
  const { commonDir, main, linked } = places;
  return [commonDir, ...main, ...linked.values()].some(
    (place) => isInside(cwd, place) || [...args, ...environment].some((text) => text.includes(place)),
  );
}

/** A command leaves locks of what all worktrees share, and of the worktree that it ran in or made. */
function couldHaveLeft(
  { since, args, cwd }: RunningCommand,
  { changedAt, name }: LockFile,
  { places }: Evidence,
): boolean {
  if (changedAt < since - STILL_MS) return false;
  const [command = ''] = subcommandOf(args);
  const [top, worktree, ...rest] = name.split(sep);
  if (top === 'worktrees' && worktree !== undefined && rest.length > 0) {
    const home = places.linked.get(worktree);
    return home !== undefined && (isInside(cwd, home) || args.includes(home));
  }
  if (worktree !== undefined || !OF_ONE_WORKTREE.test(name)) return true;
  // A branch that is checked out moves with the log of its HEAD.
  if (command === 'update-ref') return name === 'HEAD.lock';
  return ![...places.linked.values()].some((home) => isInside(cwd, home));
}

/** What each worktree has of its own, of the files at the top of a git directory. */
const OF_ONE_WORKTREE = /^(index|HEAD|[A-Z_]+_HEAD|AUTO_MERGE)\b/;

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`);
}

function nameOf({ args }: RunningCommand): string {
  return subcommandOf(args)
    .slice(0, 2)
    .filter((word) => !word.startsWith('-'))
    .join(' ');
}
