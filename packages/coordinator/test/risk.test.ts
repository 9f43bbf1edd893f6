import type { RunEvent } from '@pwt/core';
import { makeClaims, makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import type { RiskRequest } from '../src/index.js';
import { outcomes, RUN_ID, World, writes } from './world.js';

const options = {
  tasks: [makeTask('1'), makeTask('2')],
  claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt')],
  work: { '1': writes('a.txt'), '2': writes('b.txt') },
};

function blockers(events: readonly RunEvent[]): unknown[] {
  return events.flatMap((event) => (event.type === 'task-blocked' ? [[event.taskId, event.by]] : []));
}

it('keeps tasks apart that are likely to collide, and says so', async () => {
  const world = new World(options);
  const asked: RiskRequest[] = [];
  const coordinator = world.coordinator({
    riskOf: async (request) => {
      asked.push(request);
      return () => 0.8;
    },
  });
  expect(outcomes(await world.start(coordinator))).toEqual({ '1': 'landed', '2': 'landed' });
  const events = await world.journals.read(RUN_ID);
  expect(blockers(events)).toContainEqual(['2', { kind: 'risk', taskId: '1', probability: 0.8 }]);
  const at = (type: RunEvent['type'], taskId: string) =>
    events.findIndex((event) => event.type === type && event.taskId === taskId);
  expect(at('integrated', '1')).toBeLessThan(at('task-dispatched', '2'));
  expect(asked).toMatchObject([{ tasks: options.tasks, claims: options.claims, base: world.base }]);
});

it('asks for no estimate where the policy does not look at it', async () => {
  const world = new World({ ...options, options: { separation: 'eager' } });
  const coordinator = world.coordinator({ riskOf: () => Promise.reject(new Error('asked')) });
  expect((await world.start(coordinator)).success).toBe(true);
});

it('asks again when a run goes on', async () => {
  const world = new World(options);
  let asked = 0;
  const riskOf = async () => {
    asked += 1;
    return undefined;
  };
  await world.start(world.coordinator({ riskOf }));
  await world.coordinator({ riskOf }).resume({ runId: RUN_ID });
  expect(asked).toBe(2);
});
