import { readFile } from 'node:fs/promises';
import { FileJournalStore } from '@pwt/coordinator/journal';
import type { RunEvent, RunState } from '@pwt/core';
import { type Project, runsDir } from '../../project/project.js';
import { agentLogFiles, gateLogFiles, isOfGateWith, type LogFile } from './log-files.js';

/** One log file of a run. */
export interface RunLogFile extends Omit<LogFile, 'attempt' | 'dialect'> {
  /** For people: of an agent whose output pwt understands, what it said and did. */
  readonly text: string;
  /** As it was printed; absent where that is {@link text}. */
  readonly raw?: string;
}

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
  const { transcriptOf } = await import('@pwt/launcher');
  const logs: RunLogFile[] = [];
  for (const { label, stream, file, dialect } of await agentLogFiles(state, taskIds, attempt)) {
    const raw = await readIfThere(file);
    const text = transcriptOf(dialect, raw);
    logs.push({ label, stream, file, text, ...(text === raw ? {} : { raw }) });
  }
  return logs.filter(({ text, raw }) => (raw ?? text) !== '');
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
  const isAsked = taskIds === undefined ? () => true : isOfGateWith(await eventsOf(project, runId), taskIds);
  const files = await gateLogFiles(project, runId, isAsked);
  return Promise.all(
    files.map(async ({ label, stream, file }) => ({ label, stream, file, text: await readIfThere(file) })),
  );
}

async function eventsOf(project: Project, runId: string): Promise<readonly RunEvent[]> {
  return (await new FileJournalStore({ dir: runsDir(project) }).readable(runId)).events;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
