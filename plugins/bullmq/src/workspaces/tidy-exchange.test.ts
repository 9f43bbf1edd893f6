import { PwtError } from '@pwt/core';
import { expect, it } from 'vitest';
import { WorkspacesStage } from '../../test/workspaces-stage.js';
import type { Standing } from '../exchange/exchange.js';
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
    release: async (runId: string) => void calls.push(`release ${runId}`),
  };
  const placements = {
    list: async () => left,
    look: async (runId: string) => ({ placements: runId === 'r1' ? left : [], damaged: [] }),
  };
  const warn = (text: string) => void warnings.push(text);
  const context = { exchange, placements, warn } as unknown as WorkspacesContext;
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
