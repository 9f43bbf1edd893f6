import { dirname } from 'node:path';
import type { RunEvent, RunState } from '@pwt/core';
import type { Project } from '../../project/project.js';
import { agentLogFiles, gateLogFiles, isOfGateWith, type LogFile } from '../inspect/log-files.js';
import { FileTail, LineBuffer } from './file-tail.js';
import { FolderChanges } from './folder-changes.js';
import { followRun } from './follow-run.js';

export interface FollowLogsRequest {
  readonly runId: string;
  readonly taskIds: readonly string[];
  /** What gates print, instead of agents: of those that test the work of these tasks, or of all. */
  readonly gate?: 'of-tasks' | 'all';
  readonly abortSignal: AbortSignal;
}

/** What has been added to a log: whole lines, but for the end of a log. */
export interface LogNews extends LogFile {
  readonly bytes: Buffer;
  /** These are the first of this log. */
  readonly isFirst: boolean;
  /** They were there before they were followed. */
  readonly wasThere: boolean;
}

interface OpenLog {
  log: LogFile;
  readonly tail: FileTail;
  readonly lines: LineBuffer;
  isNew: boolean;
  readonly wasThere: boolean;
}

/**
 * What agents or gates print while a run goes on: first what is there, then what comes, with the next attempt after the
 * last one. Ends when the tasks have ended, or the run has.
 */
export async function* followLogs(
  project: Project,
  { runId, taskIds, gate, abortSignal }: FollowLogsRequest,
): AsyncGenerator<readonly LogNews[], void, undefined> {
  const changes = new FolderChanges();
  const open = new Map<string, OpenLog>();
  const gates: RunEvent[] = [];
  let state: RunState | undefined;
  const look = async (now: RunState): Promise<LogNews[]> => {
    const isAsked = gate === 'all' ? () => true : isOfGateWith(gates, taskIds);
    const files =
      gate === undefined ? await agentLogFiles(now, taskIds) : await gateLogFiles(project, runId, isAsked);
    for (const log of files) {
      changes.add(dirname(log.file));
      const known = open.get(log.file);
      // What its lines mean is on record a little later than its first ones.
      if (known) known.log = log;
      else open.set(log.file, opened(log, state === undefined));
    }
    return (await Promise.all([...open.values()].map(newsOf))).flat();
  };
  for await (const news of followRun(project, { runId, abortSignal }, changes)) {
    gates.push(...news.events.filter(({ type }) => type === 'gate-started'));
    const found = await look(news.state);
    state = news.state;
    if (found.length > 0) yield found;
    if (taskIds.every((id) => state?.tasks.get(id)?.outcome !== undefined)) break;
  }
  if (state === undefined || abortSignal.aborted) return;
  yield [...(await look(state)), ...[...open.values()].flatMap(restOf)];
}

function opened(log: LogFile, wasThere: boolean): OpenLog {
  return { log, tail: new FileTail(log.file), lines: new LineBuffer(), isNew: true, wasThere };
}

async function newsOf(one: OpenLog): Promise<LogNews[]> {
  return told(one, one.lines.add(await one.tail.read()));
}

function restOf(one: OpenLog): LogNews[] {
  return told(one, one.lines.flush());
}

function told(one: OpenLog, bytes: Buffer): LogNews[] {
  if (bytes.length === 0) return [];
  const isFirst = one.isNew;
  one.isNew = false;
  return [{ ...one.log, bytes, isFirst, wasThere: one.wasThere }];
}
