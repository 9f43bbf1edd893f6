import { PwtError } from '@pwt/core';
import { Redis } from 'ioredis';
import type { RedisOptions } from '../options.js';
import { PASSWORD_VARIABLE } from '../password.js';
import { defaultTimings } from '../protocol/timings.js';
import { clientOptions } from './client-options.js';

/** Redis says so of a login or a command that it does not accept. */
const REFUSALS = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/;

/**
 * Connects once, and does something with the connection; a failure is an answer here, and nothing is tried again.
 *
 * @throws PwtError `PWT_REDIS_UNREACHABLE`, `PWT_REDIS_REFUSED`
 */
export async function probe<T>(options: RedisOptions, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    ...clientOptions(options, defaultTimings),
    retryStrategy: () => null,
    enableReadyCheck: false,
    lazyConnect: true,
  });
  let last: Error | undefined;
  redis.on('error', (error: Error) => {
    last = error;
  });
  try {
    await redis.connect();
    return await act(redis);
  } catch (error) {
    throw connectError(options, last ?? error);
  } finally {
    redis.disconnect();
  }
}

/** What a failed command or connection means for a person. Has no password in it. */
export function connectError(options: RedisOptions, cause: unknown): unknown {
  if (cause instanceof PwtError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const { host } = new URL(options.url);
  if (REFUSALS.test(text)) {
    const { why, hint } = refusal(options, text);
    return new PwtError('PWT_REDIS_REFUSED', `Redis at ${host} ${why}`, { cause, hint });
  }
  return new PwtError('PWT_REDIS_UNREACHABLE', `Redis at ${host} can't be reached: ${text}`, {
    cause,
    hint: 'Start it, or name another one: "redis" in the options of @pwt/plugin-bullmq, or --redis of a worker.',
  });
}

/** What Redis says of a login is about its own commands. */
function refusal(
  { username, password, passwordEnv = PASSWORD_VARIABLE, passwordPlace = passwordEnv }: RedisOptions,
  text: string,
): { readonly why: string; readonly hint: string } {
  const user = username === undefined ? '' : ` of the user ${username}`;
  if (/^NOAUTH|^ERR AUTH/.test(text) && password === undefined)
    return {
      why: `wants a password${user}, and ${passwordEnv} is not set.`,
      hint: `Set ${passwordEnv} in the environment.`,
    };
  if (/^WRONGPASS|^ERR AUTH|^ERR invalid password/.test(text))
    return {
      why: `does not take the password${user} in ${passwordPlace}: ${text}`,
      hint: `${passwordPlace === passwordEnv ? `Set ${passwordEnv} to its password` : 'Write its password there'}; of a user of its own, the name is to be set, too ("username", --username).`,
    };
  return {
    why: `refuses: ${text}`,
    hint: 'Give the user rights on the keys and channels that begin with the plugin\'s prefix; see "Who can do what" in docs/distributed.md.',
  };
}
