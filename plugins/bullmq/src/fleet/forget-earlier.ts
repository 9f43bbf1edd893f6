import type { Redis } from 'ioredis';

/** In one step: the job that was asked for again may be done by now, and is then listed with its answer. */
const SCRIPT =
  "if redis.call('HEXISTS', KEYS[2], 'returnvalue') == 0 then redis.call('ZREM', KEYS[1], ARGV[1]) end";

/** Takes a job out of BullMQ's list of completed ones, unless its answer is there. */
export async function forgetEarlier(
  redis: Pick<Redis, 'eval'>,
  keys: { readonly completed: string; readonly job: string },
  id: string,
): Promise<void> {
  await redis.eval(SCRIPT, 2, keys.completed, keys.job, id);
}
