import { type AgentExit, type AgentFailure, defined } from '@pwt/core';
import type { AttemptFiles } from '../attempt/attempt-files.js';
import { complaintIn, complaintOf } from '../dialects/complaint.js';
import type { Dialect, Reading } from '../dialects/dialect.js';
import { failureFrom } from '../dialects/failure.js';
import { retriedCall } from '../dialects/retried-call.js';
import { retryAtIn } from '../dialects/retry-at.js';
import { withoutEscapes } from '../dialects/text.js';
import { linesOf } from './lines-of.js';

/** What the logs of an ended agent tell about it. */
export type Evidence = Pick<AgentExit, 'failure' | 'sessionId' | 'lastMessage' | 'complaints'>;

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 512 * 1024;
const MAX_MESSAGE_LENGTH = 2000;
const MAX_COMPLAINTS = 3;

/** An ended agent, as far as its logs are read by it. */
export interface Ended extends Pick<AgentExit, 'kind' | 'exitCode'> {
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
}

/** A line of stdout and what it means. */
interface Said extends Reading {
  readonly line: string;
}

interface Logs {
  readonly stdout: readonly string[];
  readonly said: readonly Said[];
  /** The beginning and the end of stderr. */
  readonly stderr: readonly string[];
}

/**
 * Reads the beginning and the end of the logs, so it also works for an agent that ended while pwt was away.
 *
 * What the agent itself says last counts first. Without one, a bad end (a non-zero exit code, a signal, a time-out) is
 * explained by what it complained of: the lines that say "error", and else the last ones. A good end needs no
 * explanation, and no text on stderr makes it a failure; but it is told what was complained of.
 */
export async function readEvidence(files: AttemptFiles, dialect: Dialect, ended: Ended): Promise<Evidence> {
  const [head, tail, start, end] = await Promise.all([
    linesOf(files.stdout, 'head', HEAD_BYTES),
    linesOf(files.stdout, 'tail', TAIL_BYTES),
    linesOf(files.stderr, 'head', HEAD_BYTES),
    linesOf(files.stderr, 'tail', HEAD_BYTES),
  ]);
  const said = tail.flatMap((line) => {
    const reading = dialect(line);
    return reading === undefined ? [] : [{ ...reading, line }];
  });
  const stderr = end.length > 0 && start.at(-1) === end.at(-1) ? start : [...start, ...end];
  const logs = { stdout: tail, said, stderr };
  const sessionId = lastSession(said) ?? lastSession(head.map(dialect));
  const failure = withRetryAt(failureOf(logs, ended), logs, ended.endedAt);
  return defined({
    failure,
    sessionId,
    lastMessage: lastMessage(logs),
    complaints: complaintsIn(logs),
  });
}

function failureOf({ said, stdout, stderr }: Logs, ended: Ended): AgentFailure | undefined {
  const last = said.findLast(({ ending }) => ending !== undefined)?.ending;
  if (last !== undefined && last !== 'succeeded') return moreTelling(said, last);
  const denied = said.findLast(({ edits }) => edits !== undefined)?.edits;
  if (denied !== undefined && denied !== 'done' && ended.kind === 'exited')
    return { kind: 'refused', message: `permission denied: ${denied.denied}` };
  if (ended.kind === 'timed-out' || ended.kind === 'idle-timed-out') {
    // Endless retries look like a hang; the agent's messages tell them apart.
    return last === undefined ? failureWhileRetrying(stderr) : undefined;
  }
  if (ended.kind === 'stopped' || ended.kind === 'lost' || ended.exitCode === 0) return undefined;
  return (
    failureIn(stderr) ?? failureIn(stdout) ?? { kind: 'crash', message: `${endOf(ended)} without a word` }
  );
}

function failureWhileRetrying(stderr: readonly string[]): AgentFailure | undefined {
  const complaint = failureIn(stderr);
  if (complaint === undefined || complaint.kind === 'crash') return undefined;
  const retried = complaint.kind === 'model-error' ? retriedCall(stderr) : undefined;
  if (retried === undefined) return complaint;
  return { kind: 'quota', message: `it only tried again, and did not say why: ${retried}` };
}

/** The last failure may only say that it gave up; what it gave up on was said before. */
function moreTelling(said: readonly Said[], last: AgentFailure): AgentFailure {
  if (last.kind !== 'model-error' && last.kind !== 'crash') return last;
  const since = said.findLastIndex(({ ending }) => ending === 'succeeded');
  const earlier = said.slice(since + 1).findLast(({ ending }) => {
    const kind = ending === 'succeeded' ? undefined : ending?.kind;
    return kind === 'quota' || kind === 'auth' || kind === 'refused';
  })?.ending;
  return earlier === undefined || earlier === 'succeeded' ? last : earlier;
}

/** What the lines of a log say went wrong: a sign of a known kind, newest first; else the first error; else the last line. */
function failureIn(lines: readonly string[]): AgentFailure | undefined {
  const written = lines.filter((line) => line.trim() !== '');
  if (written.length === 0) return undefined;
  const errors = written.filter((line) => complaintIn(line) !== undefined);
  const candidates = [...errors, ...written.slice(-5)].reverse().map(complaintOf);
  const known = candidates.map((line) => failureFrom(line, 'crash')).find(({ kind }) => kind !== 'crash');
  if (known) return known;
  const first = written.findIndex((line) => complaintIn(line) !== undefined);
  return failureFrom(first < 0 ? (candidates[0] as string) : explained(written.slice(first)), 'crash');
}

/** A short error with the lines that explain it: `Error: Unexpected error`, then what it was. */
function explained([error = '', ...rest]: readonly string[]): string {
  const text = withoutEscapes(complaintOf(error)).trim();
  if (text.length > VAGUE_LENGTH) return text;
  const isPlace = (line: string) => /^\s*(?:at |File "|\d+:|\|)/.test(line);
  const next = rest.findIndex(isPlace);
  const reasons = rest.slice(0, next < 0 ? MAX_REASON_LINES : Math.min(next, MAX_REASON_LINES));
  return [text, ...reasons.map((line) => withoutEscapes(line).trim())].join(' ');
}

const VAGUE_LENGTH = 40;
const MAX_REASON_LINES = 3;

/** When it can work again, by the last of its failures that says so. */
function withRetryAt(
  failure: AgentFailure | undefined,
  { said, stderr }: Logs,
  endedAt: number,
): AgentFailure | undefined {
  if (failure?.kind !== 'quota') return failure;
  const failures = said.filter(({ ending, activity }) => isFailure(ending) || activity?.kind === 'error');
  const exact = failures.findLast(({ retryAt }) => retryAt !== undefined)?.retryAt;
  const texts = [...stderr.filter((line) => complaintIn(line)), ...stderr.slice(-5)];
  const lines = [...texts, ...failures.map(({ line }) => line)].reverse();
  const told = lines.map((line) => retryAtIn(line, endedAt)).find((time) => time !== undefined);
  return { ...failure, ...defined({ retryAt: exact ?? told }) };
}

function isFailure(ending: Reading['ending']): boolean {
  return ending !== undefined && ending !== 'succeeded';
}

/** Plain text has no messages: its last lines are the message. */
function lastMessage({ said, stdout }: Logs): string | undefined {
  const message = said.findLast(({ message: one }) => (one ?? '').trim() !== '')?.message;
  const isPlain = said.every(({ activity }) => activity?.kind === 'output');
  const text = message ?? (isPlain ? stdout.slice(-20).join('\n') : '');
  return text.trim() === '' ? undefined : text.trim().slice(-MAX_MESSAGE_LENGTH);
}

/** The last things that it complained of, oldest first, each once. */
function complaintsIn({ said, stderr }: Logs): readonly string[] | undefined {
  const lines = stderr.map(complaintIn).filter((line) => line !== undefined && line !== '');
  const errors = said.flatMap(({ activity, isRemark }) =>
    activity?.kind === 'error' && !isRemark ? [activity.text] : [],
  );
  const all = [...new Set([...lines, ...errors].reverse())] as string[];
  return all.length === 0 ? undefined : all.slice(0, MAX_COMPLAINTS).reverse();
}

function endOf({ kind, exitCode }: Pick<AgentExit, 'kind' | 'exitCode'>): string {
  return kind === 'exited' ? `ended with exit code ${exitCode ?? '?'}` : kind;
}

function lastSession(readings: readonly (Reading | undefined)[]): string | undefined {
  return readings.findLast((reading) => reading?.activity?.sessionId !== undefined)?.activity?.sessionId;
}
