import { join } from 'node:path';
import { applyEvent, emptyRunState, type RunEvent, type RunState, upgradeEvent } from '@pwt/core';
import { type Project, runsDir } from '../../project/project.js';
import { readLockHolder } from '../../project/run-lock.js';
import { FileTail, LineBuffer } from './file-tail.js';
import { FolderChanges } from './folder-changes.js';

export interface FollowRequest {
  readonly runId: string;
  readonly abortSignal: AbortSignal;
}

/** What has been added to the log of a run. */
export interface RunNews {
  readonly events: readonly RunEvent[];
  /** After these events. */
  readonly state: RunState;
}

/**
 * Reads the log of a run as it grows, whichever process writes it: first all that is there, then what comes. Ends when the
 * run has ended, when the process that drives it has, or when it is aborted. Looks when the file changes, and every two
 * seconds at the latest; `changes` may look at further folders, and every look gives news, be they none.
 */
export async function* followRun(
  project: Project,
  { runId, abortSignal }: FollowRequest,
  changes: FolderChanges = new FolderChanges(),
): AsyncGenerator<RunNews, void, undefined> {
  const folder = join(runsDir(project), runId);
  const tail = new FileTail(join(folder, 'journal.jsonl'));
  const lines = new LineBuffer();
  let state = emptyRunState(runId);
  changes.add(folder);
  try {
    for (;;) {
      const isDriven = await isDrivenNow(project, runId);
      const events = eventsIn(lines.add(await tail.read()));
      for (const event of events) state = applyEvent(state, event);
      yield { events, state };
      // The lock is asked before the log is read: what an ended process has written is all there.
      if (state.status === 'finished' || state.status === 'interrupted' || !isDriven) return;
      await changes.next(abortSignal);
      if (abortSignal.aborted) return;
    }
  } finally {
    changes.close();
  }
}

async function isDrivenNow(project: Project, runId: string): Promise<boolean> {
  const holder = await readLockHolder(project);
  return holder?.alive === true && holder.runId === runId;
}

function eventsIn(lines: Buffer): RunEvent[] {
  return lines
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => upgradeEvent(JSON.parse(line) as RunEvent));
}
