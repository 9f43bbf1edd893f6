import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PwtError } from '@pwt/core';
import { deleteRef, listRefs } from '@pwt/git';
import { expect, it } from 'vitest';
import { attemptOf, write } from '../../test/exchange-stage.js';
import { WorkspacesStage } from '../../test/workspaces-stage.js';
import type { Standing } from '../exchange/exchange.js';
import { refs } from '../exchange/refs.js';
import type { WorkspacesContext } from './context.js';
import { ExchangeTidying } from './tidy-exchange.js';

function tidying(options: { readonly left?: readonly object[]; readonly failure?: Error } = {}) {
  const { left = [], failure } = options;
  const calls: string[] = [];
  const warnings: string[] = [];
  const standings: Standing[] = [];
  const exchange = {
    prune: async (runId: string, standing: (taskId: string) => Promise<Standing>) => {
      calls.push(`prune ${runId}`);
      for (const task of ['1', '2', '3', '4', '5']) standings.push(await standing(task));
      if (failure !== undefined) throw failure;
    },
    unreleased: async () => ['r1', 'r2'],
    release: async (runId: string) => {
      calls.push(`release ${runId}`);
      return [];
    },
  };
  const placements = {
    list: async () => left,
    look: async (runId: string) => ({ placements: runId === 'r1' ? left : [], damaged: [] }),
  };
  const warn = (text: string) => void warnings.push(text);
  const context = { exchange, placements, warn, stateDir: '/nonexistent' } as unknown as WorkspacesContext;
  return { tidying: new ExchangeTidying(context), calls, warnings, standings };
}

it('tidies the exchange after each forty workspaces, and leaves tasks that have one', async () => {
  const { tidying: one, calls, standings } = tidying({ left: [{ taskId: '1' }, { leftOf: '2' }] });
  await one.removed('r1', '2');
  // One that was removed, and one that was made again since.
  for (const task of ['4', '5']) await one.removed('r1', task);
  one.begun('r1', '5');
  for (let count = 3; count < 79; count += 1) await one.removed('r1', `1${count}`);
  await one.removed('r2', '3');
  expect(calls).toEqual(['prune r1']);
  expect(standings).toEqual(['open', 'open', 'over', 'safe', 'over']);
});

it('names what it could not tidy, and lets the run go on', async () => {
  const failure = new PwtError('PWT_EXCHANGE_UNREACHABLE', 'It is gone.');
  const { tidying: one, warnings } = tidying({ failure });
  for (let count = 0; count < 40; count += 1) await one.removed('r1', '1');
  expect(warnings).toEqual([expect.stringMatching(/run r1 .*pwt clean.*It is gone/)]);
});

it('releases runs without a workspace', async () => {
  const { tidying: one, calls } = tidying({ left: [{ taskId: '1' }] });
  await one.abandoned();
  expect(calls).toEqual(['release r2']);
});

it('is done when what was kept is looked through, and not for a look alone', async () => {
  const stage = await WorkspacesStage.open();
  const provider = stage.provider();
  const request = { runId: 'r1', taskId: '1', title: 'A task', base: stage.base };
  const { workspace } = await provider.create(request);
  await provider.expire({ olderThanDays: 1 });
  expect(await stage.stage.remoteRefs()).not.toEqual({});
  expect(await provider.remove({ workspace, containedIn: stage.base })).toEqual({ status: 'removed' });
  await provider.expire({ olderThanDays: 1, dryRun: true });
  expect(await stage.stage.remoteRefs()).not.toEqual({});
  await provider.expire({ olderThanDays: 1 });
  expect(await stage.stage.remoteRefs()).toEqual({});
});

it('finds what a worker pushes after the run was closed, keeps it, and names it', async () => {
  const stage = await WorkspacesStage.open();
  const provider = stage.provider();
  const request = { runId: 'r1', taskId: '1', title: 'A task', base: stage.base };
  const { workspace } = await provider.create(request);
  write(workspace.path, { 'b.txt': 'b\n' });
  const worker = stage.worker('one');
  const [there = workspace] = await worker.repository.provider.list();
  const forced = { workspace, force: ['dirty', 'unmerged'] } as const;
  mkdirSync(join(stage.stateDir, 'runs', 'r1'), { recursive: true });
  // The run of another project, which has the same exchange.
  const [mine, others] = [attemptOf('1'), { ...attemptOf('1'), runId: 'r2' }];
  await worker.finish(mine, there);
  const { [refs.attempt(mine)]: commit = '' } = await stage.stage.remoteRefs();
  await provider.remove(forced);
  await provider.close({ runId: 'r1' });
  for (const { ref, id } of await listRefs(stage.git, 'refs/pwt/r1/'))
    await deleteRef(stage.git, { ref, oldValue: id });
  await worker.repository.mirror.publish(refs.attempt(mine), commit, 'create');
  await worker.repository.mirror.publish(refs.attempt(others), commit, 'create');
  await provider.expire({ olderThanDays: 1 });
  expect(await stage.stage.remoteRefs()).toEqual({ [refs.attempt(others)]: commit });
  const kept = 'refs/pwt/r1/snapshots/1/1';
  expect((await listRefs(stage.git, 'refs/pwt/r1/')).map(({ ref, id }) => [ref, id])).toEqual([
    [kept, commit],
  ]);
  expect(stage.warnings).toEqual([
    `Work of task 1 in run r1 was on the exchange alone. It is kept as ${kept}. To see it: pwt restore 1`,
  ]);
});
