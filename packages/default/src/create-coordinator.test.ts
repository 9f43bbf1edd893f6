import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '@pwt/core';
import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CreateCoordinatorOptions, createCoordinator } from './create-coordinator.js';
import type { PwtCoordinator } from './pwt-coordinator.js';

let repository: TemporaryRepository;
let opened: PwtCoordinator[];
beforeEach(async () => {
  opened = [];
  repository = await TemporaryRepository.create({
    'specs/SPEC-20-one.md': '# SPEC-20: One\n\n**File**: `one.txt`\n',
    'specs/SPEC-21-two.md': '# SPEC-21: Two\n\n**File**: `two.txt`\n',
  });
});
afterEach(async () => {
  for (const coordinator of opened) await coordinator.dispose();
  await repository.dispose();
});

const agent =
  "require('node:fs').writeFileSync(process.env.PWT_TASK_ID === '20' ? 'one.txt' : 'two.txt', 'x')";

async function open(options: Partial<CreateCoordinatorOptions> = {}): Promise<PwtCoordinator> {
  const coordinator = await createCoordinator({
    cwd: repository.path,
    env: repository.env,
    agent: { command: [process.execPath, '-e', agent] },
    maxCpuPercent: 100,
    maxMemoryPercent: 100,
    minDisk: 0,
    ...options,
  });
  opened.push(coordinator);
  return coordinator;
}

describe('createCoordinator', () => {
  it('plans, runs, lands and tells', async () => {
    const events: RunEvent[] = [];
    const coordinator = await open({
      sinks: [{ name: 'test', onEvent: (event) => void events.push(event) }],
    });
    const plan = await coordinator.plan();
    expect(plan).toMatchObject({ target: 'main', schedule: { order: ['20', '21'] } });
    const result = await coordinator.run({ taskIds: ['20', '21'], autoApprove: true });
    expect(result).toMatchObject({
      success: true,
      interrupted: false,
      failed: [],
      notRun: [],
      target: 'main',
      mergeResults: [
        { taskId: '20', status: 'landed' },
        { taskId: '21', status: 'landed' },
      ],
    });
    expect([...result.completed].sort()).toEqual(['20', '21']);
    expect(result.finishedAt.getTime() - result.startedAt.getTime()).toBeGreaterThan(0);
    expect(events.at(-1)?.type).toBe('run-finished');
    const status = await coordinator.status();
    expect(status).toMatchObject({
      run: { runId: result.runId, status: 'finished', active: false },
      tasks: [
        { taskId: '20', status: 'landed' },
        { taskId: '21', status: 'landed' },
      ],
      activeWorkspaces: [],
      resources: { cpuPercent: expect.any(Number), memoryPercent: expect.any(Number) },
      disk: { availableBytes: expect.any(Number) },
    });
    expect(await coordinator.clean()).toEqual({ workspaces: [], kept: [] });
  });

  it('puts a plugin in the place of a built-in part', async () => {
    const plugin = `
      export const plugin = { name: 'one-file', apiVersion: 2, provides: { separator: (context, options) => ({
        separate: async ({ tasks }) => ({ diagnostics: [], claims: tasks.map(({ id }) => ({ taskId: id, unknownScope: false,
          claims: [{ pattern: options.file, mode: 'write', class: 'exclusive', confidence: 'declared', rule: context.projectRoot }] })) }),
      }) } };`;
    await writeFile(join(repository.path, 'separator.mjs'), plugin);
    const coordinator = await open({ plugins: [['./separator.mjs', { file: 'same.txt' }]] });
    const { claims, schedule } = await coordinator.plan();
    expect(claims[0]?.claims[0]).toMatchObject({ pattern: 'same.txt', rule: repository.path });
    expect(schedule.predicted.speedup).toBe(1);
  });

  it('takes a call of run as approval where confirm is absent', async () => {
    await repository.write({ 'pwt.config.json': '{"gate": "exit 0"}' });
    expect(await (await open()).run({ taskIds: ['20'] })).toMatchObject({ success: true });
  });

  it('runs no command of the file without the approval it was told to get', async () => {
    await repository.write({ 'pwt.config.json': '{"gate": "exit 0"}' });
    const file = join(repository.parent, 'approvals.json');
    const strict = await open({ approvals: { file } });
    await expect(strict.run()).rejects.toMatchObject({ code: 'PWT_COMMAND_NOT_APPROVED' });
    const asked: unknown[] = [];
    const confirm = async (commands: readonly unknown[]) => {
      asked.push(...commands);
      return true;
    };
    const coordinator = await open({
      approvals: { file, confirm },
    });
    expect(await coordinator.run({ taskIds: ['20'] })).toMatchObject({ success: true });
    expect(asked).toEqual([{ kind: 'gate', text: 'exit 0' }]);
  });

  it('goes on with the settings that the run was started with', async () => {
    const first = await open({ autoMerge: false, gate: 'test ! -e two.txt || test -e ok' });
    const before = await first.run();
    expect(before).toMatchObject({ success: false, completed: ['20'], failed: ['21'] });
    const second = await createCoordinator({ cwd: repository.path, env: repository.env, gate: 'exit 0' });
    opened.push(second);
    const after = await second.resume({ retry: ['US-021'] });
    expect(after).toMatchObject({ runId: before.runId, success: true, completed: ['20', '21'] });
    expect(await repository.git('log', '--format=%s', 'main')).toBe('Start');
    expect(await second.land()).toMatchObject({ success: true, totals: { landed: 2 } });
  });

  it.each([
    ['', 'PWT_NOT_A_REPOSITORY'],
    ['nowhere', 'PWT_CWD_NOT_FOUND'],
  ])('refuses %j beside the repository', async (name, code) => {
    await expect(open({ cwd: join(repository.parent, name) })).rejects.toMatchObject({ code });
  });

  it('has nothing to do without specs', async () => {
    const coordinator = await open({ specs: ['elsewhere/*.md'] });
    expect(await coordinator.run()).toMatchObject({ success: true, tasks: [] });
    await expect(coordinator.resume()).rejects.toMatchObject({ code: 'PWT_NO_RUN' });
  });
});
