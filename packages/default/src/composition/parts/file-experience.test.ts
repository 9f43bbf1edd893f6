import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lessons } from '@pwt/coordinator';
import { makeTask } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileExperience } from './file-experience.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pwt-experience-'));
  file = join(folder, 'state', 'experience');
});
afterEach(() => rm(folder, { recursive: true }));

const none = { tasks: { decided: 0, red: 0 }, gates: { green: 0, flaky: 0 } };
const learn = (lessons: Partial<Lessons>) =>
  new FileExperience(file).learn({ tasks: [], gates: [], record: none, ...lessons });
const decided = (all: number, red: number) => ({ record: { ...none, tasks: { decided: all, red } } });
const took = (agentMs: number, task = makeTask('1')) => ({ tasks: [{ task, agentMs }] });
const recall = () => new FileExperience(file).recall();

describe('FileExperience', () => {
  it('knows nothing before the first run', async () => {
    const known = await recall();
    expect([known.agentMs(makeTask('1')), known.gate('g'), known.prior]).toEqual([
      undefined,
      undefined,
      none,
    ]);
  });

  it('keeps what runs have taken, in a file that only its owner reads', async () => {
    await learn({
      ...took(4_000),
      gates: [{ fingerprint: 'g', durationMs: 100, cpuMs: 50 }],
      record: { tasks: { decided: 3, red: 1 }, gates: { green: 4, flaky: 1 } },
    });
    await learn({
      ...took(2_000),
      gates: [{ fingerprint: 'g', durationMs: 300 }],
      record: { tasks: { decided: 1, red: 0 }, gates: { green: 1, flaky: 0 } },
    });
    const known = await recall();
    expect(known.agentMs(makeTask('1'))).toBe(3_000);
    expect(known.gate('g')).toEqual({ durationMs: 200, cpuMs: 50 });
    expect(known.prior).toEqual({ tasks: { decided: 4, red: 1 }, gates: { green: 5, flaky: 1 } });
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('knows a task whose title or text has changed, and not one that only has its id', async () => {
    const task = { ...makeTask('1'), title: 'Add a login' };
    await learn(took(4_000, task));
    const known = await recall();
    const specs = [{ path: 'specs/1.md', text: 'other', hash: 'ffff' }];
    expect(known.agentMs({ ...task, title: 'Add a log-in' })).toBe(4_000);
    expect(known.agentMs({ ...task, specs })).toBe(4_000);
    expect(known.agentMs({ ...task, title: 'Remove it', specs })).toBeUndefined();
    await learn(took(1_000, { ...task, title: 'Remove it', specs }));
    expect((await recall()).agentMs({ ...task, title: 'Remove it', specs })).toBe(1_000);
  });

  it('leaves out what is damaged', async () => {
    await learn(took(4_000));
    await appendFile(
      file,
      '{"task":"2","title":"\n[]\nnull\n{"decided":1,"red":7,"green":0,"flaky":0}\n{"gate":"g","durationMs":"1"}\n',
    );
    const known = await recall();
    expect(known.agentMs(makeTask('1'))).toBe(4_000);
    expect([known.gate('g'), known.prior]).toEqual([undefined, none]);
    await writeFile(file, 'x'.repeat(5_000_000));
    expect((await recall()).agentMs(makeTask('1'))).toBeUndefined();
    await learn(took(1_000));
    expect((await recall()).agentMs(makeTask('1'))).toBe(1_000);
  });

  it('forgets the tasks that were run longest ago', async () => {
    await learn(took(1, makeTask('old')));
    await learn(took(1, makeTask('again')));
    const tasks = Array.from({ length: 4_998 }, (_, at) => ({ task: makeTask(`t${at}`), agentMs: 1 }));
    await learn({ tasks });
    await learn(took(1, makeTask('again')));
    await learn(took(1, makeTask('new')));
    const known = await recall();
    expect(['old', 'again', 'new', 't0'].map((id) => known.agentMs(makeTask(id)))).toEqual([
      undefined,
      1,
      1,
      1,
    ]);
    expect((await readFile(file, 'utf8')).length).toBeLessThan(600_000);
  });

  it('goes with the rate of red tasks as it changes', async () => {
    for (let run = 0; run < 10; run += 1) await learn(decided(100, 100));
    for (let run = 0; run < 20; run += 1) await learn(decided(100, 0));
    const { tasks } = (await recall()).prior;
    expect(tasks.red / tasks.decided).toBeLessThan(0.05);
  });

  it('stops no run where it can not be written', async () => {
    await writeFile(join(folder, 'state'), 'a file');
    await learn(took(1_000));
    expect((await recall()).agentMs(makeTask('1'))).toBeUndefined();
  });
});
