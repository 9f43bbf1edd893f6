import { ManualClock } from '@pwt/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryExchange } from '../../test/doubles/memory-exchange.js';
import { presence, ScriptedFleet } from '../../test/doubles/scripted-fleet.js';
import { isInstalled, needsRedis, RedisServer } from '../../test/redis-server.js';
import { requirementId } from '../protocol/names.js';
import { examine } from './examine.js';

const settings = { agents: ['claude'], gate: { command: 'npm test' } } as const;
const task = requirementId({ repository: 'app', kind: 'task', runsOn: {}, agents: ['claude'] });
const gate = requirementId({ repository: 'app', kind: 'gate', runsOn: {}, agents: [], gate: settings.gate });

let server: RedisServer;
let fleet: ScriptedFleet;
let exchange: MemoryExchange;

beforeEach(async ({ skip }) => {
  needsRedis(skip);
  server = await RedisServer.start({ aof: 'everysec' });
  exchange = new MemoryExchange();
  fleet = new ScriptedFleet({ clock: new ManualClock(), exchange });
});
afterEach(async () => {
  if (isInstalled()) await server.stop();
});

async function examined() {
  const { options: redis } = server;
  const checks = await examine({ redis, queue: 'q', repository: 'app', settings, fleet, exchange });
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

it('says that all is well', async () => {
  fleet.presences = [presence('a', { serves: [task, gate], labels: { os: 'linux' } })];
  const checks = await examined();
  expect(Object.values(checks).filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(checks.workers?.message).toBe('Connected: a (4 cores, 0 of 8 agents, os=linux).');
  expect(checks['workers-task']?.message).toBe('1 of 1 workers take the tasks of a run.');
});

it('says which command starts a worker', async () => {
  expect((await examined()).workers).toMatchObject({
    status: 'warning',
    fix: expect.stringContaining("pwt worker --allow-agent claude --allow-gate 'npm test'"),
  });
});

it('names what workers refuse, and what to add', async () => {
  fleet.presences = [
    presence('a', { serves: [task], refuses: { [gate]: 'the gate is not allowed' } }),
    presence('b', {
      repositories: [],
      refuses: { [task]: 'it has no repository app', [gate]: 'the gate is not allowed' },
    }),
  ];
  const checks = await examined();
  expect(checks['workers-task']).toMatchObject({
    status: 'note',
    message: expect.stringContaining('b: it has no repository app'),
    fix: 'Add to their command: --remote app=<url> --allow-agent claude',
  });
  expect(checks['workers-gate']).toMatchObject({
    status: 'problem',
    fix: expect.stringContaining("--allow-gate 'npm test'"),
  });
});

it('says that the exchange can not be reached, and what Redis would lose', async () => {
  exchange.isReachable = false;
  await server.kill();
  await server.startAgain({ aof: 'off' });
  const checks = await examined();
  expect(checks.exchange?.status).toBe('problem');
  expect(checks['redis-durability']).toMatchObject({
    status: 'note',
    fix: expect.stringContaining('appendonly'),
  });
});

it('looks for no worker where Redis can not be reached', async () => {
  await server.kill();
  const checks = await examined();
  expect(checks.redis?.status).toBe('problem');
  expect(checks.exchange?.status).toBe('ok');
  expect(checks.workers).toBeUndefined();
  expect(fleet.announced).toEqual([]);
});
