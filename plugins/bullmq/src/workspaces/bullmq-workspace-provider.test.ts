import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PwtError } from '@pwt/core';
import { listRefs } from '@pwt/git';
import { beforeEach, describe, expect, test } from 'vitest';
import { write } from '../../test/exchange-stage.js';
import { WorkspacesStage } from '../../test/workspaces-stage.js';
import type { BullmqWorkspaceProvider } from './bullmq-workspace-provider.js';
import { PlacementStore } from './placement-store.js';

let stage: WorkspacesStage;
let provider: BullmqWorkspaceProvider;

beforeEach(async () => {
  stage = await WorkspacesStage.open('one', 'two');
  provider = stage.provider();
});

describe('create', () => {
  test('finds what a process that died had asked for', async () => {
    const { fleet, asked } = stage.dying();
    stage
      .provider(fleet)
      .create(request())
      .catch(() => undefined);
    await asked;
    expect(await provider.list()).toEqual([]);
    const { workspace } = await provider.create(request());
    expect(stage.fleet.asked).toEqual(['one place']);
    expect(workspace).toMatchObject({
      id: 'run-1.1',
      provider: 'bullmq',
      host: 'one',
      branch: 'pwt/run-1/1',
    });
  });

  test('keeps the output of the set-up here', async () => {
    const { setup } = await provider.create(request());
    expect(setup?.logFile).toBe(join(stage.stateDir, 'runs', 'run-1', 'setup', 'run-1.1.log'));
    expect(existsSync(setup?.logFile ?? '')).toBe(true);
  });

  test('leaves nothing on record of what failed, and says where the output is', async () => {
    stage.worker('one').before = () => {
      const data = { output: 'no such package\n', logFile: '/there/setup.log' };
      throw new PwtError('PWT_SETUP_FAILED', 'The setup command ended with 1: true', { data });
    };
    const error = await provider.create(request()).catch((one: unknown) => one);
    const logFile = join(stage.stateDir, 'runs', 'run-1', 'setup', 'run-1.1.log');
    expect(error).toMatchObject({ code: 'PWT_SETUP_FAILED', hint: expect.stringContaining(logFile) });
    expect(readFileSync(logFile, 'utf8')).toBe('no such package\n');
    stage.worker('one').before = () => undefined;
    expect((await provider.create(request())).workspace.host).toBe('one');
  });

  test('goes on waiting for the same where Redis can not be reached', async () => {
    stage.worker('one').before = () => {
      throw new PwtError('PWT_REDIS_UNREACHABLE', 'Redis is not there.');
    };
    await expect(provider.create(request())).rejects.toMatchObject({ code: 'PWT_REDIS_UNREACHABLE' });
    const [job] = [...stage.fleet.placed.keys()];
    stage.fleet.placed.clear();
    stage.worker('one').before = () => undefined;
    await provider.create(request());
    expect([...stage.fleet.placed.keys()]).toEqual([job]);
  });

  test('ends when it is aborted while it waits for a worker, and leaves nothing on record', async () => {
    const stop = new AbortController();
    const waits = stage.waiting();
    const created = stage.provider(waits.fleet).create({ ...request(), abortSignal: stop.signal });
    await waits.asked;
    stop.abort();
    await expect(created).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    expect(await new PlacementStore(stage.stateDir).list()).toEqual([]);
  });

  test('offers again what the exchange has lost', async () => {
    await provider.create(request());
    stage.worker('one').connected = false;
    await stage.stage.plain(stage.stage.remote).run(['update-ref', '-d', `refs/pwt/base/${stage.base}`]);
    const { workspace } = await provider.create(request('2'));
    expect(workspace.host).toBe('two');
  });

  test('refuses the task of another run with a command that makes room', async () => {
    const { workspace } = await provider.create(request());
    const error = await provider.create({ ...request(), runId: 'run-2' }).catch((one: PwtError) => one);
    expect(error).toMatchObject({
      code: 'PWT_WORKTREE_EXISTS',
      message: 'Task 1 has a workspace on one already, made by run run-1.',
      hint: expect.stringContaining('pwt clean --force-dirty --force-unmerged 1'),
    });
    await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    await provider.create({ ...request(), runId: 'run-2' });
  });
});

describe('remove', () => {
  test('drops what was kept of the work, where it is contained', async () => {
    const { workspace } = await provider.create(request());
    write(workspace.path, { 'new.txt': 'x\n' });
    const outcome = await provider.collect({ workspace, message: 'Left over' });
    const commit = outcome.status === 'collected' ? outcome.commit : '';
    const kept = async () => (await listRefs(stage.git, 'refs/pwt/run-1/bullmq/')).map(({ id }) => id);
    expect(await kept()).toEqual([commit]);
    await provider.remove({ workspace, containedIn: stage.base });
    expect(await kept()).toEqual([commit]);
    expect(await provider.remove({ workspace, containedIn: commit })).toEqual({ status: 'removed' });
    expect(await kept()).toEqual([]);
    expect(await new PlacementStore(stage.stateDir).list()).toEqual([]);
  });

  test('believes work that landed as another commit on the contents alone', async () => {
    const { workspace } = await provider.create(request());
    write(workspace.path, { 'new.txt': 'x\n' });
    const outcome = await provider.collect({ workspace, message: 'Left over' });
    const commit = outcome.status === 'collected' ? outcome.commit : '';
    const as = await stage.stage.commit({ 'new.txt': 'x\n' });
    const removed = await provider.remove({ workspace, containedIn: as, landedAs: { commit, as } });
    expect(removed).toEqual({ status: 'removed' });
    expect(await listRefs(stage.git, 'refs/pwt/run-1/bullmq/')).toEqual([]);
  });

  test('gives its worker what it does not have of the evidence, and no other commit', async () => {
    const { workspace } = await provider.create(request());
    const before = [];
    for (const at of [1, 2, 3]) before.push(await stage.stage.commit({ 'other.txt': `${at}\n` }));
    await stage.git.run(['reset', '--quiet', '--hard', stage.base]);
    const [commit = '', over = '', secret = ''] = before;
    const as = await stage.stage.commit({ 'new.txt': 'x\n' });
    const how = { workspace, containedIn: as, landedAs: { commit, as, over } };
    const offered = async () => Object.keys(await stage.stage.remoteRefs());
    stage.worker('one').before = () => {
      throw new PwtError('PWT_EXCHANGE_MISSING', 'It is not there.', { data: { commit: secret } });
    };
    await expect(provider.remove(how)).rejects.toMatchObject({ code: 'PWT_EXCHANGE_MISSING' });
    expect(await offered()).not.toContain(`refs/pwt/base/${secret}`);
    stage.worker('one').before = () => undefined;
    expect(await provider.remove(how)).toEqual({ status: 'removed' });
    for (const one of [as, over, commit]) expect(await offered()).toContain(`refs/pwt/base/${one}`);
  });

  test('leaves the workspace of another provider alone', async () => {
    const { workspace } = await provider.create(request());
    const other = { ...workspace, id: 'other', provider: 'git-worktree' };
    expect(await provider.remove({ workspace: other })).toMatchObject({ status: 'kept', reason: 'not-ours' });
  });

  test('says on which machine a hint is to be followed', async () => {
    const { workspace } = await provider.create(request());
    write(workspace.path, { 'new.txt': 'x\n' });
    const outcome = await provider.remove({ workspace, containedIn: stage.base });
    expect(outcome).toMatchObject({ status: 'kept', message: expect.stringMatching(/^on one: .*new\.txt/) });
  });
});

describe('close', () => {
  test('removes the refs on the exchange once all is here', async () => {
    const { workspace } = await provider.create(request());
    const placements = new PlacementStore(stage.stateDir);
    await placements.launched('run-1.1', 1);
    write(workspace.path, { 'new.txt': 'x\n' });
    await stage.worker('one').finish({ runId: 'run-1', taskId: '1', number: 1 }, own(workspace));
    const names = async () => Object.keys(await stage.stage.remoteRefs());
    await provider.close({ runId: 'run-1' });
    expect(await names()).toContain('refs/pwt/attempts/run-1/1/1');
    await placements.ended('run-1.1', 1);
    await provider.close({ runId: 'run-1' });
    expect(await names()).toEqual([]);
    stage.worker('one').connected = false;
    expect(await provider.changes(workspace)).toEqual([{ path: 'new.txt', kind: 'added' }]);
  });

  test('takes no result from the exchange whose work was collected', async () => {
    const { workspace } = await provider.create(request());
    const placements = new PlacementStore(stage.stateDir);
    await placements.launched('run-1.1', 1);
    write(workspace.path, { 'new.txt': 'x\n' });
    await stage.worker('one').finish({ runId: 'run-1', taskId: '1', number: 1 }, own(workspace));
    await placements.ended('run-1.1', 1);
    await provider.collect({ workspace, message: 'Left over' });
    await provider.close({ runId: 'run-1' });
    expect(await stage.stage.remoteRefs()).toEqual({});
    expect(await listRefs(stage.git, 'refs/pwt/run-1/snapshots/')).toEqual([]);
  });
});

test('names a damaged record once, and leaves its workspace alone', async () => {
  await provider.create(request());
  await provider.create(request('2'));
  const file = join(stage.stateDir, 'bullmq', 'placements', 'run-1.1.json');
  writeFileSync(file, '{');
  expect((await provider.list()).map(({ taskId }) => taskId)).toEqual(['2']);
  await provider.list();
  expect(stage.warnings).toEqual([expect.stringContaining(`${file} is damaged`)]);
  await expect(provider.create(request())).rejects.toMatchObject({ code: 'PWT_PLACEMENT_UNREADABLE' });
  expect(await provider.damagedState()).toEqual([{ file, message: expect.stringContaining('damaged') }]);
});

function request(taskId = '1') {
  return { runId: 'run-1', taskId, title: `Task ${taskId}`, base: stage.base };
}

function own({ host, ...workspace }: Awaited<ReturnType<typeof provider.list>>[number]) {
  return { ...workspace, provider: 'git-worktree' };
}
