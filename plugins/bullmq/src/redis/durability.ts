import { type PluginCheck, PwtError } from '@pwt/core';
import type { Redis } from 'ioredis';
import type { RedisOptions } from '../options.js';
import { KEY_PREFIX, keys } from '../protocol/names.js';
import { probe } from './first-connect.js';

/** BullMQ works with 5.0, and asks for this. */
const MINIMUM = [6, 2] as const;

/** What Redis says of itself: the lines of INFO, by name. */
type Info = ReadonlyMap<string, string>;

/**
 * Connects to Redis and looks at what it would lose at a crash, and whether it would throw jobs away.
 *
 * @throws PwtError `PWT_REDIS_UNREACHABLE`, `PWT_REDIS_REFUSED` (login, rights), `PWT_REDIS_UNFIT` (version, eviction)
 */
export async function examineRedis(options: RedisOptions, queue: string): Promise<readonly PluginCheck[]> {
  return probe(options, async (redis) => {
    const info = await readInfo(redis);
    await tryRights(redis, queue);
    const { host } = new URL(options.url);
    return [
      versionCheck(info, host),
      evictionCheck(info, host),
      await durabilityCheck(redis, info, host),
      encryptionCheck(options, host),
    ];
  });
}

/** The same as {@link examineRedis}, for `doctor`: what is thrown there is a problem here. */
export async function redisChecks(options: RedisOptions, queue: string): Promise<readonly PluginCheck[]> {
  try {
    return await examineRedis(options, queue);
  } catch (error) {
    if (!(error instanceof PwtError)) throw error;
    const { message, hint } = error;
    return [{ name: 'redis', status: 'problem', message, ...(hint === undefined ? {} : { fix: hint }) }];
  }
}

async function readInfo(redis: Redis): Promise<Info> {
  const lines = (await redis.info()).split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

/** Does what queues need: a script, a key of its own, a channel. Changes nothing. */
async function tryRights(redis: Redis, queue: string): Promise<void> {
  await redis.eval("return redis.call('EXISTS', KEYS[1])", 1, keys.workers(queue));
  await redis.eval("return redis.call('EXISTS', KEYS[1])", 1, `${KEY_PREFIX}:${queue}.rights:meta`);
  await redis.publish(`${keys.news(queue)}.rights`, '');
}

function versionCheck(info: Info, host: string): PluginCheck {
  const valkey = info.get('valkey_version');
  const version = valkey ?? info.get('redis_version') ?? '';
  const name = valkey === undefined ? 'Redis' : 'Valkey';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]))
    throw new PwtError('PWT_REDIS_UNFIT', `${name} at ${host} is version ${version || '?'}; 6.2 is needed.`, {
      hint: 'Install a newer version of Redis, or Valkey.',
    });
  return { name: 'redis', status: 'ok', message: `${name} ${version} at ${host} answers.` };
}

function evictionCheck(info: Info, host: string): PluginCheck {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  const name = 'redis-eviction';
  if (policy === 'noeviction')
    return { name, status: 'ok', message: `Redis at ${host} throws nothing away when its memory is full.` };
  const fix = 'Set `maxmemory-policy noeviction` in its configuration.';
  if ((info.get('maxmemory') ?? '0') !== '0')
    throw new PwtError(
      'PWT_REDIS_UNFIT',
      `Redis at ${host} throws keys away when its memory is full (maxmemory-policy ${policy}): jobs would vanish.`,
      { hint: fix },
    );
  const message = `Redis at ${host} would throw keys away if its memory were limited (maxmemory-policy ${policy}).`;
  return { name, status: 'note', message, fix };
}

async function durabilityCheck(redis: Redis, info: Info, host: string): Promise<PluginCheck> {
  const name = 'redis-durability';
  const what = 'Work is safe in git; what Redis forgets is asked for again.';
  if (info.get('aof_enabled') !== '1')
    return {
      name,
      status: 'note',
      message: `Redis at ${host} forgets its queues when it crashes (appendonly no)${await saves(redis)}. ${what}`,
      fix: 'Set `appendonly yes` and `appendfsync everysec` in its configuration.',
    };
  const fsync = await setting(redis, 'appendfsync');
  if (fsync === undefined)
    return {
      name,
      status: 'note',
      message: `Redis at ${host} writes its queues to disk (appendonly yes); how often can't be looked at: CONFIG is not allowed to this user.`,
    };
  if (fsync === 'no')
    return {
      name,
      status: 'note',
      message: `Redis at ${host} leaves it to the system when its queues are on disk (appendfsync no). ${what}`,
      fix: 'Set `appendfsync everysec` in its configuration.',
    };
  return {
    name,
    status: 'ok',
    message: `Redis at ${host} writes its queues to disk (appendonly yes, appendfsync ${fsync}).`,
  };
}

async function saves(redis: Redis): Promise<string> {
  const save = await setting(redis, 'save');
  if (save === undefined) return "; whether it saves now and then can't be looked at: CONFIG is not allowed";
  return save === '' ? '' : `, or goes back to when it has last saved (save ${save})`;
}

/** `undefined` if the user may not ask. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config('GET', name)) as readonly string[];
    return value;
  } catch (error) {
    if (error instanceof Error && /NOPERM|unknown command/i.test(error.message)) return undefined;
    throw error;
  }
}

function encryptionCheck({ url, password }: RedisOptions, host: string): PluginCheck {
  const { protocol, hostname } = new URL(url);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  const name = 'redis-security';
  if (!isLocal && protocol === 'redis:')
    return {
      name,
      status: 'warning',
      message: `What is said to Redis at ${host} can be read and changed on the way: it is not encrypted.`,
      fix: 'Set up TLS and use rediss://, or a tunnel; see docs/distributed.md.',
    };
  if (password === undefined)
    return {
      name,
      status: isLocal ? 'note' : 'warning',
      message: `Redis at ${host} is used without a password: whoever reaches it can have workers do what they allow.`,
      fix: 'Set a password or an ACL user; see docs/distributed.md.',
    };
  return { name, status: 'ok', message: `Redis at ${host} asks for a password.` };
}
