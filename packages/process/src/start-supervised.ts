import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '@pwt/core';
import { PwtError, privateModes } from '@pwt/core';

import { assertMark } from './mark.js';
import type { ProcessExit } from './process-exit.js';
import { assertCommandRequest } from './request.js';
import { resolveCommand } from './resolve-command.js';
import { type Lease, StateDirectory } from './state-directory.js';
import { type ExitWatch, type Supervised, SupervisedCommand } from './supervised.js';
import { SUPERVISOR_SCRIPT, SUPERVISOR_STATUS } from './supervisor-script.js';
import { currentSystem } from './system/current.js';

export interface StartSupervisedRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /**
   * The complete environment of the command, to which the mark is added. Names that no shell could hold (with
   * a `-` or a `.`) may be lost on the way: dash does not pass them on.
   */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. The state directory of this one start: created if missing, never shared, never re-used. */
  readonly dir: string;
  /** Absolute. What the command reads from stdin. @default nothing: an empty stdin */
  readonly stdinFile?: string;
  /** Absolute; created or appended to. May be the same file as `stderrFile`. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Unique to this start; see `createMark`. Every process of the command inherits it as `PWT_MARK`. */
  readonly mark: string;
  /** The POSIX shell that supervises. @default ['/bin/sh'] */
  readonly shell?: readonly [string, ...string[]];
}

/** Nothing was started: the lease of this state directory is taken. */
export interface LeaseTaken {
  readonly status: 'lease-taken';
  /** Another supervisor, or a recovery that has fenced this start. */
  readonly by: Lease['role'];
  readonly identity: ProcessIdentity;
}

/**
 * Starts a command under a supervisor of its own, which outlives this process.
 *
 * The command gets files, never pipes, so it goes on when this process dies. The supervisor takes the lease of
 * `dir` before it starts anything: of several starts on one directory exactly one succeeds, and none after recovery
 * has fenced it. Resolves once the command's own process exists.
 *
 * @throws PwtError `PWT_COMMAND_NOT_FOUND`, `PWT_COMMAND_NOT_EXECUTABLE`, `PWT_CWD_NOT_FOUND`,
 *   `PWT_PROCESS_BAD_REQUEST`
 * @throws PwtError `PWT_PROCESS_START_FAILED` when the system refuses (too many processes, arguments too long,
 *   a file that cannot be opened)
 * @throws PwtError `PWT_PROCESS_STATE_UNWRITABLE`
 */
export async function startSupervised(request: StartSupervisedRequest): Promise<Supervised | LeaseTaken> {
  const { stdinFile, stdoutFile, stderrFile, dir } = request;
  assertMark(request.mark);
  await assertCommandRequest({ ...request, paths: { stdinFile, stdoutFile, stderrFile, dir } });
  const program = await resolveCommand(request.command, request);
  await mkdir(dir, { recursive: true, mode: privateModes.folder });
  const directory = new StateDirectory(dir);
  const { child, ended } = await spawnSupervisor(request, program);
  const isOurs = (lease: Lease): boolean => lease.pid === child.pid && lease.mark === request.mark;
  const lease = await waitForCommand(directory, isOurs, ended);
  if (!isOurs(lease)) {
    const { pid, startTime, bootId } = lease;
    return { status: 'lease-taken', by: lease.role, identity: { pid, startTime, bootId } };
  }
  return new SupervisedCommand({ directory, lease, watch: watchChild(directory, { child, ended }) });
}

interface Supervisor {
  readonly child: ChildProcess;
  /** Its status, `null` if a signal ended it. */
  readonly ended: Promise<number | null>;
}

async function spawnSupervisor(request: StartSupervisedRequest, program: string): Promise<Supervisor> {
  const [shell, ...shellArgs] = request.shell ?? ['/bin/sh'];
  const { dir, mark, cwd, args } = request;
  const data = [dir, currentSystem().bootId(), mark, randomUUID(), cwd, program, ...args];
  const files: FileHandle[] = [];
  try {
    files.push(await open(request.stdinFile ?? '/dev/null', 'r'));
    files.push(
      await open(request.stdoutFile, 'a', privateModes.file),
      await open(request.stderrFile, 'a', privateModes.file),
    );
    const child = spawn(shell, [...shellArgs, '-c', SUPERVISOR_SCRIPT, 'pwt-supervisor', ...data], {
      cwd: '/',
      env: request.env,
      detached: true,
      stdio: files.map(({ fd }) => fd),
    });
    // Before anything else is awaited: a supervisor that finds the lease taken ends very soon.
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await once(child, 'spawn');
    return { child, ended };
  } catch (error) {
    throw new PwtError(
      'PWT_PROCESS_START_FAILED',
      `Could not start ${program}: ${(error as Error).message}`,
      {
        hint: 'The message is the system’s. Nothing was started.',
        data: { command: request.command, cwd },
        cause: error,
      },
    );
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

/** Resolves with the lease as soon as the command's process exists, or as another holder of the lease is found. */
async function waitForCommand(
  directory: StateDirectory,
  isOurs: (lease: Lease) => boolean,
  ended: Promise<number | null>,
): Promise<Lease> {
  let status: number | null | 'running' = 'running';
  while (status === 'running') {
    const started = await directory.command();
    const lease = started && (await directory.lease());
    if (lease && isOurs(lease)) return lease;
    status = await Promise.race([ended, delay(2, 'running' as const)]);
  }
  const lease = status === SUPERVISOR_STATUS.stateUnwritable ? undefined : await directory.lease();
  if (lease && (isOurs(lease) || status === SUPERVISOR_STATUS.leaseTaken)) return lease;
  throw new PwtError(
    'PWT_PROCESS_STATE_UNWRITABLE',
    `The supervisor could not record itself in ${directory.path}.`,
    {
      hint: 'Check free space and permissions there, and that its file system has hard links. Nothing was started.',
      data: { dir: directory.path, supervisorStatus: status },
    },
  );
}

/** Watches our own child: the system tells when it ends, its record tells how the command has ended. */
function watchChild(directory: StateDirectory, { child, ended }: Supervisor): ExitWatch {
  const exited = ended.then(async (): Promise<ProcessExit> => (await directory.exit()) ?? { kind: 'lost' });
  return { exited, release: () => child.unref() };
}
