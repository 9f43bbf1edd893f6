import { FixedResourceMonitor, ManualClock, makeClaims, makeTask, ScriptedGate } from '@pwt/testkit';
import { expect, it, vi } from 'vitest';
import { deferred, outcomes, World, writes } from './world.js';

it('runs one gate on a busy machine, and further ones when it has room', async () => {
  const open = deferred();
  const first = deferred();
  const running: string[][] = [];
  const gate = new ScriptedGate(async ({ subject }) => {
    if (subject.kind === 'tasks') {
      running.push([...subject.taskIds]);
      first.resolve();
      await open.promise;
    }
    return { status: 'green', durationMs: 1 };
  });
  const ids = ['1', '2'];
  const made = new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: {
      1: writes('1.txt'),
      2: async (files) => {
        await first.promise;
        return writes('2.txt')(files);
      },
    },
    gate,
    options: { maxInstances: 1, gateSlots: 2 },
  });
  const resources = new FixedResourceMonitor({ memoryPercent: 99 });
  const clock = new ManualClock();
  const coordinator = made.coordinator({ resources, clock });
  const run = made.start(coordinator);
  const finished = () => [...coordinator.state.tasks.values()].filter(({ phase }) => phase === 'audited');
  await vi.waitFor(() => expect(finished()).toHaveLength(2));
  expect(running).toEqual([['1']]);

  resources.current = { ...resources.current, memoryPercent: 5 };
  await vi.waitFor(() => {
    clock.advance(1000);
    expect(running).toHaveLength(2);
  });
  open.resolve();
  expect(outcomes(await run)).toEqual({ 1: 'landed', 2: 'landed' });
});
