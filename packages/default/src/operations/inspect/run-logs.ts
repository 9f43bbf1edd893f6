import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunState } from '@pwt/core';
import type { Project } from '../../project/project.js';
import { runsDir } from '../../project/project.js';

/** One log file of a run. */
export interface RunLogFile {
  /** A task's id; for gates, what was being joined. */
  readonly label: string;
  readonly stream: 'stdout' | 'stderr' | 'gate';
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

const STREAMS = ['stdout', 'stderr'] as const;

/** What the agents of a run have printed in their last attempts; empty files are left out. */
export async function agentLogs(state: RunState, taskIds?: readonly string[]): Promise<RunLogFile[]> {
  const logs: RunLogFile[] = [];
  for (const task of state.tasks.values()) {
    const { stateDir } = task;
    if (stateDir === undefined || (taskIds !== undefined && !taskIds.includes(task.task.id))) continue;
    for (const stream of STREAMS) {
      const file = join(stateDir, `${stream}.log`);
      logs.push({ label: task.task.id, stream, file, text: await readIfThere(file) });
    }
  }
  return logs.filter(({ text }) => text !== '');
}

/** What the gates of a run have printed. */
export async function gateLogs(project: Project, state: RunState): Promise<RunLogFile[]> {
  const folder = join(runsDir(project), state.runId, 'gate');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Promise.all(
    names
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map(async (name): Promise<RunLogFile> => {
        const file = join(folder, name);
        return { label: name.replace(/\.log$/, ''), stream: 'gate', file, text: await readIfThere(file) };
      }),
  );
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
