import { Redis } from 'ioredis';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { needsRedis, RedisServer } from '../../test/redis-server.js';
import { defaultTimings } from '../protocol/timings.js';
import { clientOptions } from '../redis/client-options.js';
import { forgetEarlier } from './forget-earlier.js';

beforeEach(({ skip }) => needsRedis(skip));

it('leaves a job in the list that is done again, and takes out one whose answer has expired', async () => {
  const server = await RedisServer.start();
  onTestFinished(() => server.stop());
  const redis = new Redis(clientOptions(server.options, defaultTimings));
  onTestFinished(() => redis.disconnect());
  const keys = { completed: 'q:completed', job: 'q:1' };
  const listed = () => redis.zrange(keys.completed, '0', '-1');
  for (const id of ['1', '2']) await redis.zadd(keys.completed, 1, id);
  await redis.hset(keys.job, 'returnvalue', '{}');
  await forgetEarlier(redis, keys, '1');
  expect(await listed()).toEqual(['1', '2']);
  await redis.hdel(keys.job, 'returnvalue');
  await redis.hset(keys.job, 'name', 'place');
  await forgetEarlier(redis, keys, '1');
  expect(await listed()).toEqual(['2']);
});
