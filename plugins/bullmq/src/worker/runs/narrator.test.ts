import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentActivity, AgentRun } from '@pwt/core';
import { ManualClock } from '@pwt/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/runs-stage.js';
import type { RunProgress } from '../../protocol/operations.js';
import { Narrator } from './narrator.js';

function staged(activities: readonly AgentActivity[] = []) {
  const dir = mkdtempSync(join(tmpdir(), 'pwt-narrator-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'agent.json'), '{"agent":"a"}\n');
  const clock = new ManualClock();
  const startedAt = clock.now();
  const run = {
    startedAt,
    details: { agent: 'a' },
    lastSignAt: async () => startedAt + 200,
    events: (async function* () {
      yield* activities;
    })(),
  } as unknown as AgentRun;
  const troubles: unknown[] = [];
  const onTrouble = (error: unknown) => void troubles.push(error);
  const narrator = new Narrator({ run, dir, clock, intervalMs: 100, onTrouble });
  onTestFinished(() => narrator.end());
  const told: RunProgress[] = [];
  const listen = () => narrator.listen(async (progress) => void told.push(progress));
  const next = async () => {
    const { length } = told;
    clock.advance(100);
    await until(() => told.length > length && clock.pending.length > 0);
    return told.at(-1) as RunProgress;
  };
  return { ...{ dir, clock, narrator, told, listen, next, troubles }, log: join(dir, 'stdout.log') };
}

const size = (progress: RunProgress) => Buffer.byteLength(JSON.stringify(progress));

it('tells durations, the record once, and whole lines with their place', async () => {
  const { log, clock, told, listen, next } = staged([{ kind: 'message', text: 'hello' }]);
  clock.advance(500);
  await listen();
  expect(told).toEqual([
    {
      ...{ elapsedMs: 500, quietMs: 300, activities: [], tail: '', offset: 0 },
      ...{ details: { agent: 'a' }, record: '{"agent":"a"}\n' },
    },
  ]);
  writeFileSync(log, 'eins\nzw');
  const first = await next();
  expect(first).toMatchObject({ activities: [{ text: 'hello' }], tail: 'eins\n', offset: 0 });
  expect(first).not.toHaveProperty('record');
  appendFileSync(log, 'ei\n');
  expect(await next()).toMatchObject({ activities: [], tail: 'zwei\n', offset: 5 });
  expect(await next()).toMatchObject({ tail: '', offset: 13 - 3 });
});

it('sends the end of a log that is too long, and no message over 32 KiB', async () => {
  const noise = 'é"\\\u0001'.repeat(2000);
  const { log, listen, next } = staged(
    Array.from({ length: 500 }, (_, n): AgentActivity => ({ kind: 'message', text: `${n} ${noise}` })),
  );
  await listen();
  writeFileSync(log, `${'x'.repeat(99)}\n`.repeat(1000));
  const loud = await next();
  expect(size(loud)).toBeLessThanOrEqual(32 * 1024);
  expect(loud.activities.at(-1)).toMatchObject({ text: expect.stringMatching(/^499 /) });
  appendFileSync(log, `${'y'.repeat(99)}\n`.repeat(1000));
  const next2 = await next();
  expect(next2.tail).toMatch(/^(y{99}\n)+$/);
  expect(next2.tail.length).toBeLessThanOrEqual(8 * 1024);
  expect(next2.offset + next2.tail.length).toBe(200_000);
});

it('keeps the rest together while a message waits for Redis', async () => {
  const { log, clock, narrator, troubles } = staged();
  const told: RunProgress[] = [];
  let goOn: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await narrator.listen(async (progress) => {
    told.push(progress);
    if (told.length === 2) await waiting;
  });
  writeFileSync(log, 'a\n');
  clock.advance(100);
  await until(() => told.length === 2);
  appendFileSync(log, 'b\n');
  narrator.say('one');
  goOn();
  await until(() => clock.pending.length > 0);
  clock.advance(100);
  await until(() => told.length === 3);
  expect(told[2]).toMatchObject({ tail: 'b\n', offset: 2, activities: [{ kind: 'error', text: 'one' }] });
  expect(troubles).toEqual([]);
});

it('says that a message was not heard, and tells what it said with the next one', async () => {
  const { log, narrator, listen, next, troubles } = staged([{ kind: 'message', text: 'hello' }]);
  const heard: RunProgress[] = [];
  let calls = 0;
  await narrator.listen(async (progress) => {
    calls += 1;
    if (calls <= 2) throw new Error('Redis takes nothing');
    heard.push(progress);
  });
  await listen();
  writeFileSync(log, 'one\n');
  expect(await next()).toMatchObject({ activities: [{ text: 'hello' }], tail: 'one\n' });
  expect(troubles.map(String)).toEqual(Array(2).fill('Error: Redis takes nothing'));
  appendFileSync(log, 'two\n');
  expect(await next()).toMatchObject({ activities: [], tail: 'two\n', offset: 4 });
  const record = '{"agent":"a"}\n';
  expect(heard).toMatchObject([{ activities: [{ text: 'hello' }], tail: 'one\ntwo\n', offset: 0, record }]);
  await next();
  expect(heard[1]).toMatchObject({ activities: [], tail: '' });
});

it('tells one no more whose job was withdrawn', async () => {
  const { narrator, listen, next, clock } = staged();
  const heard: RunProgress[] = [];
  const listener = async (progress: RunProgress) => void heard.push(progress);
  await narrator.listen(listener);
  narrator.forget(listener);
  await listen();
  await next();
  expect(heard).toHaveLength(1);
  narrator.end();
  expect(clock.pending).toEqual([]);
});
