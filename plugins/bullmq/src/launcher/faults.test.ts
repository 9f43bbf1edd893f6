import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentRun, LaunchRequest } from '@pwt/core';
import { identify } from '@pwt/process';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerProgram } from '../../test/machine.js';
import { MachinesStage } from '../../test/machines-stage.js';
import { inTheProof, isProof, needsRedis } from '../../test/redis-server.js';
import type { RemoteAgent } from '../protocol/requirement.js';

/** Says that it is there, with its process and a child's, and works until the test puts a file into its workspace. */
const script = `
echo first line; sleep 600 & child=$!
echo "$$ $child" > pids.new; mv pids.new pids
while [ ! -e go ]; do sleep 0.05; done
kill $child; echo work > done.txt; echo last line
`;
const agent: RemoteAgent = { command: ['bash', '-c', script] };

let program: WorkerProgram;
beforeAll(async () => {
  if (isProof) program = await WorkerProgram.bundle();
});
afterAll(() => program?.dispose());

interface Working {
  readonly stage: MachinesStage;
  readonly request: LaunchRequest;
  readonly run: AgentRun;
  readonly pids: readonly number[];
  finish(): void;
}

async function working(...machines: readonly string[]): Promise<Working> {
  const stage = await MachinesStage.open({ program, machines, agents: [agent] });
  const request = await stage.request();
  const run = await stage.launcher(agent).launch(request);
  const { path } = request.attempt.workspace;
  await vi.waitFor(() => expect(existsSync(join(path, 'pids'))).toBe(true), 20_000);
  const pids = readFileSync(join(path, 'pids'), 'utf8').trim().split(' ').map(Number);
  return { stage, request, run, pids, finish: () => writeFileSync(join(path, 'go'), '') };
}

const logOf = ({ attempt }: LaunchRequest) => readFile(join(attempt.stateDir, 'stdout.log'), 'utf8');

describe('an agent on a worker', () => {
  beforeEach(({ skip }) => {
    needsRedis(skip);
    inTheProof(skip);
  });

  it('is mirrored here while it works, and whole when it has ended', async () => {
    const { request, run, finish } = await working('one');
    await vi.waitFor(async () => expect(await logOf(request)).toBe('first line\n'), 10_000);
    finish();
    expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(await logOf(request)).toBe('first line\nlast line\n');
  });

  it('is found again where its worker was killed and is there again', async () => {
    const { stage, run, finish, pids } = await working('one');
    await stage.machine('one').kill();
    expect(pids.map((pid) => identify(pid) !== undefined)).toEqual([true, true]);
    await stage.machine('one').startAgain();
    finish();
    expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  it('goes on while Redis is gone, and its result counts, whatever Redis has forgotten', async () => {
    const { stage, request, run, finish } = await working('one');
    await stage.redis.kill();
    finish();
    await stage.machine('one').printed(/is pushed/);
    await stage.redis.startAgain();
    expect(await run.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
    const found = await stage.reopened(agent).attach(request.attempt);
    expect(await found?.exited).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  it('is gone with all of its processes within five seconds after a stop', async () => {
    const { run, pids } = await working('one');
    const began = performance.now();
    await run.stop();
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await run.exited).kind).toBe('stopped');
    expect(pids.map((pid) => identify(pid))).toEqual([undefined, undefined]);
  });

  it('is stopped where its worker comes back after its attempt was given up, and its work is kept', async () => {
    const { stage, request, run, pids } = await working('one');
    const { attempt } = request;
    await stage.machine('one').kill();
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'one' });
    expect(pids.map((pid) => identify(pid) !== undefined)).toEqual([true, true]);
    await stage.machine('one').startAgain();
    await stage.machine('one').printed(/had been given up: its work is kept/);
    expect(pids.map((pid) => identify(pid))).toEqual([undefined, undefined]);
    const [late] = await stage.exchange.lateOf(attempt.runId);
    expect(late).toMatchObject({ worker: 'one', attempt: { taskId: attempt.taskId, number: 1 } });
  });
});
