import { type FollowLogsRequest, followLogs, type LogNews, type PwtCoordinator } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { type Colours, colours } from '../format/colours.js';
import { unguarded } from '../format/guarded.js';
import { printJson, printLine } from '../io.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { lastLinesOf } from './last-lines.js';

export interface FollowRequest {
  readonly runId: string;
  readonly taskIds: readonly string[];
  /** How many lines of what is there already. */
  readonly tail: number;
}

/** Prints what agents or gates print, until the tasks have ended or the run has. Ctrl-C ends the following alone. */
export async function follow(
  context: CommandContext,
  { project }: Pick<PwtCoordinator, 'project'>,
  { runId, taskIds, tail }: FollowRequest,
): Promise<number> {
  const { io, flags, json, args } = context;
  const { transcriptOf } = await import('@pwt/launcher');
  const stopped = new AbortController();
  const forget = io.onSignal(() => stopped.abort());
  const isRaw = flags.raw === true;
  const hasPrefix = flags.gate === true || taskIds.length > 1;
  const painted = colours(io.env, io.stdout.isTTY === true);
  const gates: Pick<FollowLogsRequest, 'gate'> =
    flags.gate === true ? { gate: args.length === 0 ? 'all' : 'of-tasks' } : {};
  const print = (news: LogNews) => {
    const bytes = news.isFirst && news.wasThere ? lastLinesOf(news.bytes, tail) : news.bytes;
    if (isRaw && !json) return void unguarded(io.stdout).write(bytes);
    const text = isRaw ? bytes.toString('utf8') : transcriptOf(news.dialect, bytes.toString('utf8'));
    const { label, stream, attempt } = news;
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, label, stream, attempt, text });
    else for (const line of linesOf(news, text, hasPrefix, painted)) printLine(io, line);
  };
  try {
    const request = { runId, taskIds, abortSignal: stopped.signal, ...gates };
    for await (const found of followLogs(project, request)) for (const news of found) print(news);
  } finally {
    forget();
  }
  return exitCodes.ok;
}

/** With whose it is in front of each line, if there are several; with a line where an attempt begins that is not the first. */
function linesOf(
  { label, stream, attempt, isFirst }: LogNews,
  text: string,
  hasPrefix: boolean,
  { bold, dim }: Colours,
): string[] {
  if (text === '') return [];
  const prefix = hasPrefix ? dim(`${label}${stream === 'stderr' ? ' (stderr)' : ''} | `) : '';
  const begins =
    isFirst && attempt > 1 && stream === 'stdout' ? [`${prefix}${bold(`attempt ${attempt}`)}`] : [];
  return [
    ...begins,
    ...text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${prefix}${line}`),
  ];
}
