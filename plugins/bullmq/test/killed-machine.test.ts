import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveObject } from '@pwt/git';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WorkerProgram } from './machine.js';
import { MachinesStage, patient } from './machines-stage.js';
import { inTheProof, isInstalled, isProof, needsRedis } from './redis-server.js';

/** Writes, and then works on for as long as the file that it is told of is there. */
const HELD = 'echo half > half.txt; while [ -e "$0" ]; do sleep 0.1; done; echo whole > half.txt';
const patience = { timeout: 30_000, interval: 50 };

let program: WorkerProgram;
let hold: string;

beforeAll(async () => {
  if (isProof && isInstalled()) program = await WorkerProgram.bundle();
});
afterAll(() => program?.dispose());
beforeEach(({ skip }) => {
  needsRedis(skip);
  inTheProof(skip);
  hold = join(mkdtempSync(join(tmpdir(), 'pwt-hold-')), 'hold');
  writeFileSync(hold, '');
});
afterEach(() => rmSync(join(hold, '..'), { recursive: true, force: true }));

describe('kill -9 of the worker that has a workspace', () => {
  test('while its agent works: another one goes on with what was pushed, and what comes later is named', async () => {
    const agent = { command: ['sh', '-c', HELD, hold] };
    const timings = { ...patient, snapshotMs: 200 };
    const stage = await MachinesStage.open({ program, machines: ['one', 'two'], agents: [agent], timings });
    const { provider, code, exchange } = stage;
    const request = await stage.request();
    const { workspace } = request.attempt;
    const { host = '' } = workspace;
    const run = await stage.launcher(agent).launch(request);
    await vi.waitFor(async () => expect(await exchange.unfinished(request.attempt)).toBeDefined(), patience);
    await stage.machine(host).kill();
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: host });

    const onto = await code.commit({ 'later.txt': 'later\n' });
    const moved = await provider.moveOnto({ workspace, onto, message: 'Left over' });
    expect(moved).toMatchObject({
      workspace: { id: workspace.id, base: onto },
      outcome: { status: 'merged' },
    });
    expect(moved.workspace.host).not.toBe(host);
    const changes = [{ path: 'half.txt', kind: 'added' }];
    expect(await provider.changes(moved.workspace)).toEqual(changes);
    const asked = { workspace: moved.workspace, message: 'Left over' };
    expect(await provider.collect(asked)).toMatchObject({ status: 'collected', changes });

    await stage.machine(host).startAgain();
    await vi.waitFor(async () => expect(await exchange.lateOf(stage.runId)).toHaveLength(1), patience);
    const { findings = [] } = await provider.collect(asked);
    expect(findings).toMatchObject([{ kind: 'left-out', taskIds: [workspace.taskId] }]);
    await provider.close({ runId: stage.runId });
    expect(await provider.list()).toEqual([moved.workspace]);
    expect(await code.remoteRefs()).toEqual({});
  }, 120_000);

  test('after its agent has ended: what is collected is the same as without it', async () => {
    const agent = { command: ['sh', '-c', 'echo work > work.txt; rm a.txt'] };
    const stage = await MachinesStage.open({ program, machines: ['one', 'two'], agents: [agent] });
    const { provider, git } = { provider: stage.provider, git: stage.code.project };
    const trees: (string | null)[] = [];
    for (const isKilled of [false, true]) {
      const request = await stage.request();
      const { workspace } = request.attempt;
      const run = await stage.launcher(agent).launch(request);
      expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
      if (isKilled) await stage.machine(workspace.host ?? '').kill();
      const outcome = await provider.collect({ workspace, message: 'Left over' });
      if (outcome.status !== 'collected') throw new Error('it was not collected');
      trees.push(await resolveObject(git, `${outcome.commit}^{tree}`));
    }
    expect(trees[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(trees[1]).toBe(trees[0]);
  }, 120_000);
});
