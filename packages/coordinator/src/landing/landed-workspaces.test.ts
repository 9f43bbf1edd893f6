import { expect, it } from 'vitest';
import type { RunContext } from '../run/run-context.js';
import { Startups } from '../run/startups.js';
import { LandedWorkspaces } from './landed-workspaces.js';

/** Tasks by the machine of their workspace, all landed. A removal on `slow` never ends. */
function landed(machines: Readonly<Record<string, string | undefined>>) {
  const removed: string[] = [];
  const startups = new Startups();
  const task = (id: string) => ({
    ...{ outcome: 'landed', task: { id, specs: [] }, commit: 'c', integratedAs: 'i', base: 'b' },
    workspace: { id, ...(machines[id] && { host: machines[id] }) },
  });
  const context = {
    log: { task, run: { landedTip: 'tip' }, append: async () => undefined },
    agents: { taskIds: ['busy'], startups },
    scheduler: { waitingCount: 0 },
    options: {},
    parts: {
      provider: {
        name: 'test',
        async remove({ workspace }: { readonly workspace: { readonly id: string; readonly host?: string } }) {
          if (workspace.host === 'slow') await new Promise(() => undefined);
          removed.push(workspace.id);
          return { status: 'removed' };
        },
      },
    },
  };
  return { workspaces: new LandedWorkspaces(context as unknown as RunContext), removed, startups };
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const on = (machine: string, ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, machine]));

it('removes those of other machines while a machine is slow, and an agent is being started here', async () => {
  const slow = named('s', 20);
  const quick = named('q', 20);
  const { workspaces, removed, startups } = landed({ ...on('slow', slow), ...on('quick', quick) });
  startups.begin('starting');
  workspaces.add([...slow, ...quick, 'here']);
  void workspaces.remove();
  await workspaces.makeRoom(quick.slice(0, 8));
  expect(removed.length).toBeGreaterThanOrEqual(12);
  expect(removed.filter((id) => !quick.includes(id))).toEqual([]);
  const both = workspaces.makeRoom(['q0', 's0']).then(() => 'room');
  expect(await Promise.race([both, new Promise((resolve) => setImmediate(resolve, 'none'))])).toBe('none');
});
