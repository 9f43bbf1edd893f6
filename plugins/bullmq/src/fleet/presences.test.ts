import { expect, it, vi } from 'vitest';
import { useFleets } from '../../test/fleet-hooks.js';
import { timings } from '../../test/fleet-stage.js';
import { Network } from '../../test/proxy.js';
import { RedisConnections } from '../redis/connections.js';
import { Presences } from './presences.js';

const stage = useFleets();

it('a worker is silent from the last reconnection on: it may not be back yet itself', async () => {
  const network = await Network.to(stage.server.port);
  stage.after(() => network.close());
  const slow = { ...timings, pollMs: 5000, lostAfterMs: 300 };
  const redis = new RedisConnections(network.options(stage.server.options), slow);
  stage.after(() => redis.close());
  const presences = new Presences(redis, 'q');
  presences.watch('one');
  await vi.waitFor(async () => {
    await presences.read();
    expect(presences.isLost('one')).toBe(true);
  });
  network.cut();
  await vi.waitFor(() => expect(redis.isReady).toBe(false));
  network.heal();
  await presences.read();
  expect(presences.isLost('one')).toBe(false);
  await vi.waitFor(async () => {
    await presences.read();
    expect(presences.isLost('one')).toBe(true);
  });
});

it('what others write in place of a presence is nobody', async () => {
  const redis = new RedisConnections(stage.server.options, timings);
  stage.after(() => redis.close());
  const presences = new Presences(redis, 'q');
  await stage.worker();
  const text = String(await stage.server.command('GET', 'pwt:q:worker:one'));
  const hostile = {
    two: 'no JSON',
    three: text,
    four: text.replace('"id":"one"', '"id":"four","labels":7').replace('"labels":{},', ''),
    five: text.replace('"id":"one"', '"id":"five"'),
    '../six': text,
  };
  await stage.server.command('SADD', 'pwt:q:workers', ...Object.keys(hostile));
  for (const [id, written] of Object.entries(hostile))
    await stage.server.command('SET', `pwt:q:worker:${id}`, written);
  await presences.read();
  expect(presences.there.map(({ id }) => id).sort()).toEqual(['five', 'one']);
});
