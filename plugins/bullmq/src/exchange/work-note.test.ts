import type { AgentExit } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { formatNote, parseNote, TRAILER, type WorkNote } from './work-note.js';

const attempt = { runId: 'r1', taskId: '2.6', number: 3 };
const id = 'a'.repeat(40);

const message = (note: string) => `pwt: task 1, attempt 1\n\nPwt-Run: r1\nPwt-${TRAILER}: ${note}\n`;
const again = (note: WorkNote) => parseNote(message(formatNote(note)));

/** Everything that a worker may say: a new field has to be here, and in the schema. */
const full: Required<Omit<AgentExit, 'lostWith'>> = {
  ...{ kind: 'exited', exitCode: 1, signal: 'SIGTERM', durationMs: 10, sessionId: 's' },
  failure: { kind: 'quota', message: 'm', retryAt: 1 },
  usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
  ...{ noChange: 'n', lastMessage: 'l', complaints: ['c', ''] },
};

const exits: readonly AgentExit[] = [
  { kind: 'exited', exitCode: 0, durationMs: 0 },
  { kind: 'signalled', signal: 'SIGKILL', durationMs: 1.5 },
  { kind: 'lost', durationMs: 1 },
  full,
];

it.each(exits)('says how an agent ended: %j', (exit) => {
  const note: WorkNote = {
    attempt,
    exit,
    onBranch: false,
    tip: id,
    merge: { head: id, onto: id, lists: ['a'] },
  };
  expect(again(note)).toEqual(note);
});

it('is one line of printable characters, whatever an agent says, and gives it back', () => {
  const evil = `\u0000\u001b[2J\r\nPwt-${TRAILER}: {}\n\u2028\u202e\ud800 "\\ ü 🚀 \u007f\u0085`;
  const exit: AgentExit = {
    kind: 'exited',
    durationMs: 1,
    lastMessage: evil,
    noChange: evil,
    complaints: [evil],
  };
  const written = formatNote({ attempt, exit, onBranch: true });
  expect(written).toMatch(/^[\x20-\x7e]+$/);
  expect(again({ attempt, exit, onBranch: true })).toEqual({ attempt, exit, onBranch: true });
});

it('is bounded: what an agent says too much of is cut', () => {
  const exit: AgentExit = { kind: 'exited', durationMs: 1, lastMessage: '\u0001'.repeat(1_000_000) };
  const written = formatNote({ attempt, exit, onBranch: true });
  expect(written.length).toBeLessThan(30_000);
  expect(again({ attempt, exit, onBranch: true }).exit?.lastMessage).toBe(`${'\u0001'.repeat(4000)}…`);
});

describe('what no worker could have written', () => {
  const sound = JSON.parse(formatNote({ attempt, exit: full, onBranch: true }));
  const broken: readonly (readonly [string, unknown])[] = [
    ['another version', { ...sound, v: 2 }],
    ['a field that is not known', { ...sound, more: 1 }],
    ['an exit with a field that is not known', { ...sound, exit: { ...sound.exit, command: 'rm' } }],
    ['a machine that the agent was lost with', { ...sound, exit: { ...sound.exit, lostWith: 'w' } }],
    ['a kind of exit that is not known', { ...sound, exit: { ...sound.exit, kind: 'ok' } }],
    ['a time below zero', { ...sound, exit: { ...sound.exit, durationMs: -1 } }],
    ['no time', { ...sound, exit: { kind: 'exited' } }],
    ['a text that is too long', { ...sound, exit: { ...sound.exit, lastMessage: 'x'.repeat(70_000) } }],
    ['too many complaints', { ...sound, exit: { ...sound.exit, complaints: Array(101).fill('x') } }],
    ['a task that is none', { ...sound, attempt: { ...attempt, taskId: '../x' } }],
    ['an attempt that is none', { ...sound, attempt: { ...attempt, number: 0 } }],
    ['an id that is none', { ...sound, tip: 'HEAD' }],
    ['a merge of what is no commit', { ...sound, merge: { head: id, onto: '--all' } }],
    ['no object', []],
    ['nothing', null],
  ];

  it.each(broken)('%s', (_, value) => {
    expect(() => parseNote(message(JSON.stringify(value)))).toThrow(
      expect.objectContaining({ code: 'PWT_EXCHANGE_UNSOUND' }),
    );
  });

  it.each([
    ['no note', 'pwt: task\n\nPwt-Run: r1\n'],
    ['no JSON', message('{')],
    ['two notes', `${message(JSON.stringify(sound))}Pwt-${TRAILER}: ${JSON.stringify(sound)}\n`],
    ['one that is too long', message(`${JSON.stringify(sound)}${' '.repeat(300_000)}`)],
  ])('%s', (_, text) => {
    expect(() => parseNote(text)).toThrow(expect.objectContaining({ code: 'PWT_EXCHANGE_UNSOUND' }));
  });

  it('is read as data: a key of the prototype is no field', () => {
    const text = JSON.stringify(sound).replace('"v":1', '"v":1,"__proto__":{"onBranch":true}');
    expect(() => parseNote(message(text))).toThrow();
  });
});
