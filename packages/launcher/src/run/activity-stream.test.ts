import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentActivity } from '@pwt/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialects } from '../dialects/dialects.js';
import { activityStream } from './activity-stream.js';
import { FileWatch } from './file-watch.js';
import { UsageMeter } from './usage-meter.js';

let dir: string;
let log: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-watch-'));
  log = join(dir, 'log');
  await appendFile(log, '');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('activityStream', () => {
  it('tells what is written while it waits, and what is written right before the end', async () => {
    let end: (closing: readonly AgentActivity[]) => void = () => undefined;
    const closing = new Promise<readonly AgentActivity[]>((resolve) => {
      end = resolve;
    });
    const stream = activityStream({ log, dialect: dialects.lines, meter: new UsageMeter(), closing });
    const first = stream.next();
    await appendFile(log, 'one\n');
    expect((await first).value).toMatchObject({ text: 'one' });
    const second = stream.next();
    await appendFile(log, 'two\n');
    expect((await second).value).toMatchObject({ text: 'two' });
    await appendFile(log, 'three');
    end([{ kind: 'output', text: 'over' }]);
    const rest: string[] = [];
    for await (const { text = '' } of stream) rest.push(text);
    expect(rest).toEqual(['three', 'over']);
  });
});

describe('FileWatch', () => {
  it('notices a change between being armed and the wait for it', async () => {
    const file = new FileWatch(log);
    file.arm();
    expect(file.isArmed).toBe(true);
    await appendFile(log, 'x');
    await file.changed();
    expect(file.isArmed).toBe(false);
    file.end();
  });

  it('looks again after a while where there is nothing to watch', async () => {
    const file = new FileWatch(join(dir, 'missing'));
    file.arm();
    expect(file.isArmed).toBe(true);
    const waited = file.changed();
    file.end();
    await waited;
  });

  it('waits for nothing any more once it is ended', async () => {
    const file = new FileWatch(log);
    file.arm();
    const waits = [file.changed()];
    file.end();
    await Promise.all([...waits, file.changed(), file.pause(60_000)]);
    file.arm();
    expect(file.isArmed).toBe(false);
  });
});
