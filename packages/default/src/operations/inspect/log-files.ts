import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunEvent, RunState, TaskState } from '@pwt/core';
import type { DialectName } from '@pwt/launcher';
import { type Project, runsDir } from '../../project/project.js';

/** Where something that a run has started prints to. */
export interface LogFile {
  /** A task's id; for gates, what was being joined. */
  readonly label: string;
  readonly stream: 'stdout' | 'stderr' | 'gate';
  /** Absolute. */
  readonly file: string;
  /** Of the task; 0 for gates. */
  readonly attempt: number;
  /** What the lines mean. */
  readonly dialect: DialectName;
}

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * The logs of the agents of a run, of their last attempts.
 *
 * @param attempt another one, by its number
 */
export async function agentLogFiles(
  state: RunState,
  taskIds?: readonly string[],
  attempt?: number,
): Promise<LogFile[]> {
  const { attemptDialect } = await import('@pwt/launcher');
  const files: LogFile[] = [];
  for (const task of state.tasks.values()) {
    const number = attempt ?? task.attempt;
    const stateDir = stateDirOf(task, number);
    if (stateDir === undefined || (taskIds !== undefined && !taskIds.includes(task.task.id))) continue;
    const told = await attemptDialect(stateDir);
    for (const stream of STREAMS) {
      const dialect = stream === 'stdout' ? told : 'lines';
      const file = join(stateDir, `${stream}.log`);
      files.push({ label: task.task.id, stream, file, attempt: number, dialect });
    }
  }
  return files;
}

function stateDirOf(task: TaskState, number: number): string | undefined {
  const earlier = task.attempts.find((attempt) => attempt.number === number)?.stateDir;
  // A task that waits for its next attempt has none of its own.
  return number === task.attempt ? (task.stateDir ?? earlier) : earlier;
}

/**
 * The logs of the gates of a run, in the order in which they were started.
 *
 * @param isAsked tells by the name of a file whether it is asked for
 */
export async function gateLogFiles(
  project: Pick<Project, 'stateDir'>,
  runId: string,
  isAsked: (name: string) => boolean,
): Promise<LogFile[]> {
  const folder = join(runsDir(project), runId, 'gate');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.log') && isAsked(name))
    .sort((a, b) => startOf(a) - startOf(b) || (a < b ? -1 : 1))
    .map((name) => ({
      ...{ label: name.replace(/\.log$/, ''), stream: 'gate', file: join(folder, name) },
      ...{ attempt: 0, dialect: 'lines' },
    }));
}

/**
 * Whether a log file is that of a gate with one of these tasks, or of a command of it. The name alone does not list all
 * tasks.
 */
export function isOfGateWith(
  events: Iterable<RunEvent>,
  taskIds: readonly string[],
): (name: string) => boolean {
  const wanted = new Set(taskIds);
  const files: string[] = [];
  for (const event of events) {
    if (
      event.type === 'gate-started' &&
      event.logFile !== undefined &&
      event.taskIds.some((id) => wanted.has(id))
    )
      files.push(basename(event.logFile, '.log'));
  }
  return (name) => files.some((file) => name.startsWith(`${file}.`));
}

/** The number at the end of a name, before that of a command: the files of a run are numbered as their gates start. */
function startOf(name: string): number {
  return Number(/-(\d+)(?:\.[^.]*)?\.log$/.exec(name)?.[1] ?? 0);
}
