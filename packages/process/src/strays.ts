import { realpath } from 'node:fs/promises';
import type { ProcessIdentity } from '@pwt/core';
import { isWithinFolder } from './residents.js';
import { type StopReport, stopTree } from './stop-tree.js';
import { currentSystem } from './system/current.js';
import type { ProcessOrigin } from './system/system.js';

export interface StraysRequest {
  /** Absolute. A folder in which nobody but one command and its children works. */
  readonly folder: string;
  /** The supervisor of that command: what is older is somebody else's. */
  readonly since: ProcessIdentity;
}

/** Variables of which a person's own programs have at least one, whether they were started in a terminal or on a desktop. */
const OF_A_SESSION = new Set([
  ...['USER', 'LOGNAME', 'SHELL', 'TERM', 'TMUX', 'SSH_CONNECTION'],
  ...['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_SESSION_ID', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'],
]);

/** Processes that take in the children of those that have ended, beside process 1. */
const REAPERS = new Set(['systemd', 'init', 'tini', 'dumb-init', 'docker-init', 'catatonit', 'launchd']);

/**
 * Processes that a command has left in its folder without a trace of where they come from: their environment is cleared, their parents
 * have ended, they have no terminal.
 *
 * Each of these signs is needed: a shell, an editor or a git of the user's in that folder is none. Empty where the system
 * does not show the environment of other processes (macOS).
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export async function findStrays({ folder, since }: StraysRequest): Promise<ProcessIdentity[]> {
  const top = await realpath(folder).catch(() => undefined);
  if (top === undefined) return [];
  const system = currentSystem();
  const bootId = system.bootId();
  if (since.bootId !== bootId) return [];
  const found = new Map<number, ProcessOrigin>();
  for (const { pid, cwd } of await system.places()) {
    if (pid === process.pid || cwd === undefined || !isWithinFolder(top, cwd)) continue;
    const origin = system.origin(pid);
    if (origin !== undefined && isUnmarked(origin, since)) found.set(pid, origin);
  }
  const isStray = ({ ppid, parent }: ProcessOrigin): boolean => {
    const above = found.get(ppid);
    return (
      ppid === 1 || (parent !== undefined && REAPERS.has(parent)) || (above !== undefined && isStray(above))
    );
  };
  return [...found]
    .filter(([, origin]) => isStray(origin))
    .map(([pid, { startTime }]) => ({ pid, startTime, bootId }));
}

/** Ends them, with what they have started. */
export async function stopStrays(request: StraysRequest & { readonly graceMs: number }): Promise<StopReport> {
  const reports = await Promise.all(
    (await findStrays(request)).map((root) => stopTree({ root, graceMs: request.graceMs })),
  );
  return {
    terminated: reports.flatMap(({ terminated }) => terminated),
    killed: reports.flatMap(({ killed }) => killed),
    survivors: reports.flatMap(({ survivors }) => survivors),
  };
}

function isUnmarked(
  { startTime, hasTerminal, variables, marks }: ProcessOrigin,
  since: ProcessIdentity,
): boolean {
  return (
    !hasTerminal &&
    marks.length === 0 &&
    Number(startTime) >= Number(since.startTime) &&
    !variables.some((name) => OF_A_SESSION.has(name))
  );
}
