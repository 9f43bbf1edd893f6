import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTheProof, isProof, needsRedis } from '../../test/redis-server.js';
import { bundleWorker, WorkerProcess, type WorkerProgram } from '../../test/worker-process.js';
import { forTasks, quick, WorkerStage } from '../../test/worker-stage.js';
import type { RunRequest } from '../protocol/operations.js';
import { type RemoteAgent, type Requirement, sealed } from '../protocol/requirement.js';

let program: WorkerProgram;
beforeAll(async () => {
  if (isProof) program = await bundleWorker();
});
afterAll(() => program?.dispose());
beforeEach(({ skip }) => {
  needsRedis(skip);
  inTheProof(skip);
});

const common = { v: 1, repository: 'app' } as const;
/** Of this file alone: by its name, the processes of an attempt are found and ended, on the whole machine. */
const runId = `r-${randomBytes(4).toString('hex')}`;

/** An agent that writes a file, and another one when it may go on. */
function steered(stage: WorkerStage): {
  readonly agent: RemoteAgent;
  readonly requirement: Requirement;
  goOn(): void;
  started: string;
} {
  const [go, started] = ['go', 'started'].map((name) => join(stage.code.folder, name)) as [string, string];
  const script = `echo 1 > one.txt; echo $$ > ${started}; while ! test -e ${go}; do sleep 0.05; done; echo 2 > two.txt`;
  const agent = { command: ['sh', '-c', script] };
  return { agent, requirement: { ...forTasks, agents: [agent] }, goOn: () => writeFileSync(go, ''), started };
}

function start(
  stage: WorkerStage,
  agent: RemoteAgent,
  name = 'w1',
  more: readonly string[] = [],
): WorkerProcess {
  const argv = [
    ...['--redis', stage.redis.options.url, '--remote', `app=${stage.code.remote}`, '--name', name],
    ...['--allow-agent', JSON.stringify(agent), '--state', stage.stateOf(name), '--max-instances', '2'],
    ...['--heartbeat', String(quick.presenceMs / 1000), '--lock', String(quick.lockMs / 1000)],
    ...['--max-cpu', '100', '--max-memory', '100', '--min-disk', '0', ...more],
  ];
  const { password } = stage.redis.options;
  const env = more.includes('--password-file') ? {} : { PWT_REDIS_PASSWORD: password };
  return new WorkerProcess(program, argv, { ...stage.code.env, ...env });
}

async function placed(stage: WorkerStage, requirement: Requirement, taskId = 't1'): Promise<Workspace> {
  const base = await stage.code.head();
  await stage.exchange.offer(runId, base);
  const request = { ...common, runId, taskId, title: 'A task', base };
  return (await stage.fleet.place('place', requirement, request)).workspace;
}

function run(stage: WorkerStage, agent: RemoteAgent, workspace: Workspace) {
  const attempt = { runId, taskId: 't1', number: 1, timeoutMs: 0, idleTimeoutMs: 0 };
  const request = {
    ...{ ...common, workspace, attempt, agents: [agent], claims: [], permission: 'bypass', marksDone: false },
    task: { id: 't1', title: 'A task', specs: [], dependsOn: [] },
  } satisfies RunRequest;
  return stage.fleet.call('w1', 'run', request, { job: `${runId}/t1/1` });
}

async function until(condition: () => boolean, stage: WorkerStage): Promise<void> {
  while (!condition()) await stage.fleet.workers();
}

describe('a worker that is a process', () => {
  it('says what it is and has', async () => {
    const stage = await WorkerStage.create();
    const worker = start(stage, 'claude', 'w1', ['--label', 'gpu=1', '--allow-gate', 'npm test']);
    await worker.says('\nready\n');
    expect(worker.output).toContain('worker w1 of the queue pwt at 127.0.0.1:');
    expect(worker.output).toMatch(/\d cores, [\d.]+ GB of memory; 2 agents, 1 gate at a time/);
    expect(worker.output).toContain('labels: gpu=1');
    expect(worker.output).toContain('repository app');
    expect(worker.output).toMatch(/no agent \["claude"\] yet: The agent claude can't be started: .+\n/);
    expect(worker.output).toContain('gate npm test');
    expect(worker.output).toContain('appendonly no');
    expect(worker.output).not.toContain(stage.redis.options.password ?? '');
    worker.kill('SIGTERM');
    expect(await worker.exited).toEqual([0, null]);
  });

  it('says what is wrong, and ends', async () => {
    const stage = await WorkerStage.create();
    const wrong = start(stage, 'claude', 'w1', ['--colour']);
    expect(await wrong.exited).toEqual([2, null]);
    await stage.redis.kill();
    const alone = start(stage, 'claude', 'w1');
    expect(await alone.exited).toEqual([1, null]);
    expect(alone.output).toMatch(/^PWT_REDIS_UNREACHABLE: .*\n {2}.+\n$/);
  });

  it('lets its agent finish at the first signal', async () => {
    const stage = await WorkerStage.create();
    const { agent, requirement, goOn, started } = steered(stage);
    const worker = start(stage, agent);
    const workspace = await placed(stage, requirement);
    const report = run(stage, agent, workspace);
    await until(() => existsSync(started), stage);
    worker.kill('SIGINT');
    await worker.says('drains');
    goOn();
    const { exit, result } = await report;
    expect(exit).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect((await stage.code.remoteRefs())[`refs/pwt/attempts/${runId}/t1/1`]).toBe(result);
    const collected = await stage.fleet.call('w1', 'collect', { ...common, workspace, message: 'work' });
    expect(collected.outcome).toMatchObject({
      status: 'collected',
      changes: [{ path: 'one.txt' }, { path: 'two.txt' }],
    });
    expect(await worker.exited).toEqual([0, null]);
  });

  it('gives its agent the variables that its operator has written, and not the password of Redis', async () => {
    const stage = await WorkerStage.create();
    const agent = { command: ['sh', '-c', 'echo "$KEY[$PWT_REDIS_PASSWORD]"'], env: { KEY: 'own' } };
    const pipe = join(stage.code.folder, 'password');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const worker = start(stage, agent, 'w1', ['--password-file', pipe]);
    await writeFile(pipe, `${stage.redis.options.password}\n`);
    const sent = sealed(agent);
    const workspace = await placed(stage, { ...forTasks, agents: [sent] });
    expect(await run(stage, sent, workspace)).toMatchObject({ stdout: { text: 'own[]\n' } });
    for (const file of ['environ', 'cmdline'])
      expect(readFileSync(`/proc/${worker.pid}/${file}`, 'utf8')).not.toContain(stage.redis.options.password);
  });

  it('ends its agent at the second signal, and what it has done goes on elsewhere', async () => {
    const stage = await WorkerStage.create();
    const { agent, requirement, started } = steered(stage);
    const worker = start(stage, agent);
    const workspace = await placed(stage, requirement);
    const report = run(stage, agent, workspace).catch(({ code }: { code: string }) => code);
    await until(() => existsSync(started), stage);
    worker.kill('SIGINT');
    await worker.says('drains');
    worker.kill('SIGINT');
    expect(await report).toBe('PWT_WORKER_LOST');
    expect(await worker.exited).toEqual([0, null]);
    expect(isRunning(readFileSync(started, 'utf8'))).toBe(false);
    const attempt = { runId, taskId: 't1', number: 1 };
    expect(await stage.exchange.giveUp(attempt)).toEqual({ status: 'given-up' });
    const restore = await stage.exchange.unfinished(attempt);
    start(stage, agent, 'w2');
    const base = await stage.code.head();
    const again = await stage.fleet.place('place', requirement, {
      ...{ v: 1, repository: 'app', runId, taskId: 't1', title: 'A task', base, restore },
    });
    expect(readFileSync(join(again.workspace.path, 'one.txt'), 'utf8')).toBe('1\n');
  });

  it('finds its agent again after kill -9', async () => {
    const stage = await WorkerStage.create();
    const { agent, requirement, goOn, started } = steered(stage);
    const first = start(stage, agent);
    const workspace = await placed(stage, requirement);
    const report = run(stage, agent, workspace);
    await until(() => existsSync(started), stage);
    first.kill('SIGKILL');
    await first.exited;
    const second = start(stage, agent);
    await second.says('was found again');
    goOn();
    expect((await report).exit).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(readFileSync(join(workspace.path, 'two.txt'), 'utf8')).toBe('2\n');
  });

  it('stops the agent of an attempt that was given up while it was dead, keeps its work, and tidies', async () => {
    const stage = await WorkerStage.create();
    const { agent, requirement, started } = steered(stage);
    const first = start(stage, agent);
    const workspace = await placed(stage, requirement);
    const report = run(stage, agent, workspace).catch(({ code }: { code: string }) => code);
    await until(() => existsSync(started), stage);
    first.kill('SIGKILL');
    expect(await report).toBe('PWT_WORKER_LOST');
    expect(await stage.exchange.giveUp({ runId, taskId: 't1', number: 1 })).toEqual({
      status: 'given-up',
    });
    const second = start(stage, agent);
    await second.says('its attempt was given up');
    expect(isRunning(readFileSync(started, 'utf8'))).toBe(false);
    expect(existsSync(workspace.path)).toBe(false);
    expect(await stage.exchange.lateOf(runId)).toMatchObject([
      { worker: 'w1', attempt: { taskId: 't1', number: 1 } },
    ]);
  });

  it('goes on while Redis is gone, and its result counts', async () => {
    const stage = await WorkerStage.create();
    const { agent, requirement, goOn, started } = steered(stage);
    const worker = start(stage, agent);
    const workspace = await placed(stage, requirement);
    const report = run(stage, agent, workspace);
    await until(() => existsSync(started), stage);
    await stage.redis.kill();
    await worker.says("Redis can't be reached");
    goOn();
    await worker.says('is pushed');
    await stage.redis.startAgain();
    expect((await report).exit).toMatchObject({ kind: 'exited', exitCode: 0 });
  });
});

function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid.trim()}`);
}
