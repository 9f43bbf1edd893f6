import { open } from 'node:fs/promises';
import { type AgentExit, type AgentFailure, defined } from '@pwt/core';
import type { AttemptFiles } from '../attempt/attempt-files.js';
import type { Dialect, Reading } from '../dialects/dialect.js';
import { failureFrom } from '../dialects/failure.js';

/** What the logs of an ended agent tell about it. */
export interface Evidence {
  readonly failure?: AgentFailure;
  readonly sessionId?: string;
}

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 512 * 1024;

/**
 * Reads the beginning and the end of the logs, so it also works for an agent that ended while pwt was away.
 *
 * What the agent itself says last counts first. Without one, a bad end (a non-zero exit code, a signal, a time-out)
 * is explained by the last lines of stderr; a good end needs no explanation, and no text on stderr makes it
 * a failure.
 */
export async function readEvidence(
  files: AttemptFiles,
  dialect: Dialect,
  ended: Pick<AgentExit, 'kind' | 'exitCode'>,
): Promise<Evidence> {
  const [head, tail] = await Promise.all([
    linesOf(files.stdout, 'head', HEAD_BYTES),
    linesOf(files.stdout, 'tail', TAIL_BYTES),
  ]);
  const readings = tail.map(dialect).filter((reading) => reading !== undefined);
  const sessionId = lastSession(readings) ?? lastSession(head.map(dialect));
  const failure = await failureOf(files, readings, tail, ended);
  return {
    ...defined({ failure, sessionId }),
  };
}

async function failureOf(
  files: AttemptFiles,
  readings: readonly Reading[],
  stdout: readonly string[],
  ended: Pick<AgentExit, 'kind' | 'exitCode'>,
): Promise<AgentFailure | undefined> {
  const said = readings.findLast(({ ending }) => ending !== undefined)?.ending;
  if (said !== undefined && said !== 'succeeded') return said;
  const stderr = await linesOf(files.stderr, 'tail', HEAD_BYTES);
  if (ended.kind === 'timed-out' || ended.kind === 'idle-timed-out') {
    // Endless retries look like a hang; the agent's messages tell them apart.
    const complaint = failureFrom(lastWords(stderr), 'crash');
    return said === undefined && complaint.kind !== 'crash' ? complaint : undefined;
  }
  if (ended.kind === 'stopped' || ended.kind === 'lost' || ended.exitCode === 0) return undefined;
  const words = lastWords(stderr) || lastWords(stdout);
  if (words !== '') return failureFrom(words, 'crash');
  return { kind: 'crash', message: `${endOf(ended)} without a word` };
}

/** The end of a log as one text, newest first, so that the first sign found is the latest. */
function lastWords(lines: readonly string[]): string {
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-5)
    .map((line) => complaintOf(line.slice(0, MAX_COMPLAINT_LENGTH)))
    .reverse()
    .join('\n');
}

const MAX_COMPLAINT_LENGTH = 4096;

/** What a line of a structured log (`level=ERROR … error="what happened"`) complains of; else the line itself. */
function complaintOf(line: string): string {
  const quoted = /\berror="((?:[^"\\]|\\.)+)"/.exec(line)?.[1];
  return quoted === undefined ? line : quoted.replace(/\\(.)/g, '$1');
}

function endOf({ kind, exitCode }: Pick<AgentExit, 'kind' | 'exitCode'>): string {
  return kind === 'exited' ? `ended with exit code ${exitCode ?? '?'}` : kind;
}

function lastSession(readings: readonly (Reading | undefined)[]): string | undefined {
  return readings.findLast((reading) => reading?.activity?.sessionId !== undefined)?.activity?.sessionId;
}

/** The lines in the first or last bytes of a file, without those that the cut went through. */
async function linesOf(path: string, end: 'head' | 'tail', maxBytes: number): Promise<string[]> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = end === 'head' ? 0 : Math.max(0, size - maxBytes);
    const buffer = Buffer.alloc(Math.min(maxBytes, size - start));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    if (start > 0) lines.shift();
    if (start + bytesRead < size) lines.pop();
    return lines;
  } finally {
    await file.close();
  }
}
