import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
let running: ChildProcess | undefined;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program);
  // The agents of the first two tasks say that they have begun, and wait until the test lets them go on.
  const { parent } = bench.repository;
  await bench.repository.write({
    ...spec(1, 'one.txt', `@signal ${parent}/begun-1`, `@wait ${parent}/go`, '@claims'),
    ...spec(2, 'two.txt', `@signal ${parent}/begun-2`, `@wait ${parent}/go`, '@claims'),
    ...spec(3, 'three.txt', '@claims'),
  });
  await bench.repository.commitAll('specs');
});
afterEach(async () => {
  running?.kill('SIGKILL');
  // Whatever a failed test has left waiting ends now.
  await letAgentsGoOn();
  await bench.dispose();
});

const letAgentsGoOn = () => writeFile(join(bench.repository.parent, 'go'), '');

function fileExists(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), () => check());
    const check = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    };
    check();
  });
}

/** Starts a run and waits until both agents are at work. */
async function startRun(): Promise<{ child: ChildProcess; stdout: () => string }> {
  const child = bench.start([...runArguments(['--json']), '--', ...scriptedAgent]);
  running = child;
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.resume();
  const { parent } = bench.repository;
  await Promise.all([fileExists(join(parent, 'begun-1')), fileExists(join(parent, 'begun-2'))]);
  return { child, stdout: () => stdout };
}

async function statusesAfterResume(): Promise<Record<string, string>> {
  const { exitCode, stdout } = await bench.pwt(['resume', '--json']);
  expect(exitCode).toBe(0);
  const { tasks } = parseLines(stdout).at(-1) as { tasks: { taskId: string; status: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
}

const ALL_LANDED = { 1: 'landed', 2: 'landed', 3: 'landed' };

describe('an interrupted run', () => {
  it('is interrupted by one Ctrl-C after its agents have finished, exits with 130 and can be resumed', async () => {
    const { child, stdout } = await startRun();
    child.kill('SIGINT');
    await letAgentsGoOn();
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(parseLines(stdout()).at(-1)).toMatchObject({ type: 'run-interrupted' });
    expect(Object.keys(await bench.repository.filesOf('main'))).toEqual(
      expect.arrayContaining(['one.txt', 'two.txt']),
    );
    expect(await statusesAfterResume()).toEqual(ALL_LANDED);
    expect(await bench.pwt(['resume'])).toMatchObject({ exitCode: 0, stdout: 'Nothing to resume.\n' });
  });

  it('ends its agents at the second Ctrl-C, and starts their tasks over when it is resumed', async () => {
    const { child } = await startRun();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(Object.keys(await bench.repository.filesOf('main'))).not.toContain('one.txt');
    await letAgentsGoOn();
    expect(await statusesAfterResume()).toEqual(ALL_LANDED);
  });

  it('ends a set-up at the second Ctrl-C with nothing half made, and starts it over when it is resumed', async () => {
    const { parent } = bench.repository;
    const wait = `echo > ${parent}/begun-$PWT_TASK_ID; mkfifo pipe; read line < pipe`;
    const setup = `test -e ${parent}/go || { ${wait}; }`;
    const child = bench.start([...runArguments(['--json', '--setup', setup]), '--', ...scriptedAgent]);
    running = child;
    child.stdout?.resume();
    child.stderr?.resume();
    await Promise.all([fileExists(join(parent, 'begun-1')), fileExists(join(parent, 'begun-2'))]);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([130, null]);
    const worktrees = await bench.repository.git('worktree', 'list', '--porcelain');
    expect(worktrees.match(/^worktree /gm)).toHaveLength(1);
    expect((await bench.repository.git('branch', '--list', 'feature/*')).trim()).toBe('');
    await letAgentsGoOn();
    expect(await statusesAfterResume()).toEqual(ALL_LANDED);
  });

  it('says what it waits for after Ctrl-C', async () => {
    const child = bench.start([...runArguments(), '--', ...scriptedAgent]);
    running = child;
    let stdout = '';
    const said = new Promise<void>((resolve) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (/ waiting for 2 agents: 1, 2$/m.test(stdout)) resolve();
      });
    });
    child.stderr?.resume();
    const { parent } = bench.repository;
    await Promise.all([fileExists(join(parent, 'begun-1')), fileExists(join(parent, 'begun-2'))]);
    child.kill('SIGINT');
    await said;
    await letAgentsGoOn();
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(stdout).toContain('Go on: pwt resume');
  });

  it('is stopped from another terminal', async () => {
    const { child } = await startRun();
    const stopped = await bench.pwt(['stop', '--now', '--json']);
    expect(stopped).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stopped.stdout)).toMatchObject({ stopped: { pid: child.pid }, mode: 'now' });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(await bench.pwt(['stop'])).toMatchObject({ exitCode: 0, stdout: 'No run is active.\n' });
  });

  it('goes on after a kill -9, with the agents that went on meanwhile', async () => {
    const { child } = await startRun();
    child.kill('SIGKILL');
    await once(child, 'close');
    await letAgentsGoOn();
    expect(await statusesAfterResume()).toEqual(ALL_LANDED);
    // No agent was started twice: each task has one attempt.
    const { stdout } = await bench.pwt(['logs', '--json']);
    const { logs } = JSON.parse(stdout) as { logs: { file: string }[] };
    expect(logs.every(({ file }) => file.includes('/1/'))).toBe(true);
  });

  it('lets no other run start, and can be watched meanwhile', async () => {
    const { child } = await startRun();
    const second = await bench.run(['3']);
    expect(second).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^PWT_RUN_LOCKED/) });
    const status = JSON.parse((await bench.pwt(['status', '--json'])).stdout) as {
      run: unknown;
      tasks: { status: string }[];
      activeWorkspaces: unknown[];
    };
    expect(status.run).toMatchObject({ active: true, status: 'running', target: 'main' });
    expect(status.tasks.map((task) => task.status).sort()).toEqual(['running', 'running', 'waiting']);
    expect(status.activeWorkspaces).toHaveLength(2);
    const diff = await bench.pwt(['diff', '1']);
    expect(diff).toMatchObject({ exitCode: 0, stdout: 'Nothing has been changed.\n' });
    const cleaned = await bench.pwt(['clean']);
    expect(cleaned.stdout).toMatch(/kept .*is active/);
    await letAgentsGoOn();
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
