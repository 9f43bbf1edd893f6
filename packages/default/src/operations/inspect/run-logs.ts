import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileJournalStore } from '@pwt/coordinator';
import type { RunState, TaskState } from '@pwt/core';
import type { Project } from '../../project/project.js';
import { runsDir } from '../../project/project.js';

/** One log file of a run. */
export interface RunLogFile {
  /** A task's id; for gates, what was being joined. */
  readonly label: string;
  readonly stream: 'stdout' | 'stderr' | 'gate';
  /** Absolute. */
  readonly file: string;
  /** For people: of an agent whose output pwt understands, what it said and did. */
  readonly text: string;
  /** As it was printed; absent where that is {@link text}. */
  readonly raw?: string;
}

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * What the agents of a run have printed in their last attempts; empty files are left out.
 *
 * @param attempt another one, by its number
 */
export async function agentLogs(
  state: RunState,
  taskIds?: readonly string[],
  attempt?: number,
): Promise<RunLogFile[]> {
  const { attemptDialect, transcriptOf } = await import('@pwt/launcher');
  const logs: RunLogFile[] = [];
  for (const task of state.tasks.values()) {
    const stateDir = stateDirOf(task, attempt ?? task.attempt);
    if (stateDir === undefined || (taskIds !== undefined && !taskIds.includes(task.task.id))) continue;
    for (const stream of STREAMS) {
      const file = join(stateDir, `${stream}.log`);
      const raw = await readIfThere(file);
      const text = stream === 'stdout' ? transcriptOf(await attemptDialect(stateDir), raw) : raw;
      logs.push({ label: task.task.id, stream, file, text, ...(text === raw ? {} : { raw }) });
    }
  }
  return logs.filter(({ text, raw }) => (raw ?? text) !== '');
}

function stateDirOf(task: TaskState, number: number): string | undefined {
  const earlier = task.attempts.find((attempt) => attempt.number === number)?.stateDir;
  // A task that waits for its next attempt has none of its own.
  return number === task.attempt ? (task.stateDir ?? earlier) : earlier;
}

/**
 * What the gates of a run have printed, in the order in which they were started.
 *
 * @param taskIds only gates that have tested the work of one of these tasks, alone or with that of others
 */
export async function gateLogs(
  project: Project,
  state: RunState,
  taskIds?: readonly string[],
): Promise<RunLogFile[]> {
  const { runId } = state;
  const folder = join(runsDir(project), runId, 'gate');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const isAsked = taskIds === undefined ? () => true : await isOfGateWith(project, runId, taskIds);
  return Promise.all(
    names
      .filter((name) => name.endsWith('.log') && isAsked(name))
      .sort((a, b) => startOf(a) - startOf(b) || (a < b ? -1 : 1))
      .map(async (name): Promise<RunLogFile> => {
        const file = join(folder, name);
        return { label: name.replace(/\.log$/, ''), stream: 'gate', file, text: await readIfThere(file) };
      }),
  );
}

/** Whether a log file is that of a gate with one of these tasks, or of a command of it. The name alone does not list all tasks. */
async function isOfGateWith(
  project: Project,
  runId: string,
  taskIds: readonly string[],
): Promise<(name: string) => boolean> {
  const { events } = await new FileJournalStore({ dir: runsDir(project) }).readable(runId);
  const wanted = new Set(taskIds);
  const files = events.flatMap((event) =>
    event.type === 'gate-started' && event.logFile !== undefined && event.taskIds.some((id) => wanted.has(id))
      ? [basename(event.logFile, '.log')]
      : [],
  );
  return (name) => files.some((file) => name.startsWith(`${file}.`));
}

/** The number at the end of a name, before that of a command: the files of a run are numbered as their gates start. */
function startOf(name: string): number {
  return Number(/-(\d+)(?:\.[^.]*)?\.log$/.exec(name)?.[1] ?? 0);
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
