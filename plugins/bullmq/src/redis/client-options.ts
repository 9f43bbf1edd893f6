import { readFileSync } from 'node:fs';
import { defined, PwtError } from '@pwt/core';
import type { RedisOptions as AnyClientOptions } from 'ioredis';
import type { RedisOptions } from '../options.js';
import type { Timings } from '../protocol/timings.js';

/** Its replies look the same in both versions of Redis' protocol: BullMQ counts on it. */
export type ClientOptions = Omit<AnyClientOptions, 'replyMapping'>;

/** How long a blocking read waits at most, in milliseconds. */
export function blockingMs({ presenceMs }: Pick<Timings, 'presenceMs'>): number {
  return Math.min(5000, Math.max(1000, presenceMs));
}

/**
 * How ioredis connects. A connection that is lost is made again for ever, and a command waits for it. One on which an answer does not come
 * in time counts as lost: the other end of a cut network never says that it is gone.
 *
 * @throws PwtError `PWT_REDIS_UNREACHABLE` if the certificate to trust can't be read
 */
export function clientOptions(
  { url, username, password, ca }: RedisOptions,
  timings: Timings,
): ClientOptions {
  const address = new URL(url);
  const mostMs = Math.min(2000, timings.presenceMs);
  const database = Number(address.pathname.slice(1));
  return {
    host: address.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: address.port === '' ? 6379 : Number(address.port),
    db: Number.isInteger(database) ? database : 0,
    ...defined({ username, password }),
    ...(address.protocol === 'rediss:' ? { tls: ca === undefined ? {} : { ca: readCertificate(ca) } } : {}),
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), mostMs),
    connectTimeout: 10_000,
    // ioredis waits so long for the close of a connection that is closed already, and keeps the process alive meanwhile.
    disconnectTimeout: 300,
    socketTimeout: blockingMs(timings) + Math.max(2000, 2 * timings.presenceMs),
    disableClientInfo: true,
  };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PwtError('PWT_REDIS_UNREACHABLE', `The certificate in ${path} can't be read.`, {
      cause,
      hint: 'Set "ca" of the setting "redis" to a file with the certificate of the authority that has signed the server\'s.',
    });
  }
}
