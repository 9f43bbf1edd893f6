import { resolve } from 'node:path';
import { defined, type PluginContext, PwtError } from '@pwt/core';
import * as z from 'zod';
import { PASSWORD_VARIABLE, passwordOf, passwordPlace } from './password.js';
import { NAME } from './protocol/names.js';
import { defaultTimings, type Timings } from './protocol/timings.js';

/** What `["@pwt/plugin-bullmq", {…}]` says, with defaults filled in. */
export interface BullmqOptions {
  readonly redis: RedisOptions;
  /** @default 'pwt' */
  readonly queue: string;
  /** Where code travels: the name of a remote of the project, or a URL. @default 'origin' */
  readonly remote: string;
  /** The repository's name for workers. @default the last part of the remote's URL */
  readonly repository?: string;
  /** Labels of the worker that `pwt worker` starts here. */
  readonly labels: Readonly<Record<string, string>>;
  readonly timings: Timings;
}

export interface RedisOptions {
  /** `redis://` or `rediss://`, with host, port and database; never with a password. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** The variable of the environment that has the password: nothing that is started here is to have it. */
  readonly passwordEnv?: string;
  /** Where the password is, for people, if that is not the variable. */
  readonly passwordPlace?: string;
  /** A file with the certificate of the authority to trust, for `rediss://`. Absolute. */
  readonly ca?: string;
}

const text = z.string().min(1);
const seconds = z.number().positive().max(86_400);

/** `redis` as the configuration and the worker's flags write it. */
export type WrittenRedis =
  | string
  | {
      readonly url: string;
      readonly username?: string | undefined;
      readonly passwordEnv?: string | undefined;
      readonly passwordFile?: string | undefined;
      readonly ca?: string | undefined;
    };

interface Written {
  readonly redis: WrittenRedis;
  readonly queue?: string | undefined;
  readonly remote?: string | undefined;
  readonly repository?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly heartbeatSeconds?: number | undefined;
  readonly lostAfterSeconds?: number | undefined;
  readonly lockSeconds?: number | undefined;
  readonly snapshotSeconds?: number | undefined;
}

const written: z.ZodType<Written> = z.strictObject({
  redis: z.union([
    text,
    z.strictObject({
      url: text,
      username: text.optional(),
      passwordEnv: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable')
        .optional(),
      passwordFile: text.optional(),
      ca: text.optional(),
    }),
  ]),
  queue: z.string().regex(NAME, 'must be letters, digits, - and _').optional(),
  remote: text.optional(),
  repository: z.string().regex(NAME, 'must be letters, digits, - and _').optional(),
  labels: z.record(text, text).optional(),
  heartbeatSeconds: seconds.optional(),
  lostAfterSeconds: seconds.optional(),
  lockSeconds: seconds.optional(),
  snapshotSeconds: seconds.optional(),
});

/** @throws PwtError `PWT_PLUGIN_OPTIONS` that names what is wrong */
export function readOptions(
  { projectRoot, env }: Pick<PluginContext, 'projectRoot' | 'env'>,
  options: unknown,
): BullmqOptions {
  const parsed = written.safeParse(options ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join('.') || 'options'}: ${issue?.message ?? 'not readable'}`);
  }
  const { queue = 'pwt', remote = 'origin', repository, labels = {} } = parsed.data;
  // The name of the workers' queue has it as a part, and Redis' keys have both.
  if (remote.startsWith('-')) throw invalid('remote: must not start with -');
  return {
    redis: redisOptions(parsed.data.redis, projectRoot, env),
    queue,
    remote,
    labels,
    timings: timingsOf(parsed.data),
    ...defined({ repository }),
  };
}

/**
 * @param folder what relative paths start from
 * @throws PwtError `PWT_PLUGIN_OPTIONS`, also for a file with a password that can't be read
 */
export function redisOptions(given: WrittenRedis, folder: string, env: PluginContext['env']): RedisOptions {
  const {
    url,
    username,
    passwordEnv = PASSWORD_VARIABLE,
    passwordFile,
    ca,
  } = typeof given === 'string' ? { url: given } : given;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'redis:' && address?.protocol !== 'rediss:')
    throw invalid('redis: must be a URL such as redis://host:6379 or, with TLS, rediss://host:6379');
  if (address.password !== '')
    throw invalid(
      `redis: must not have a password in it; set ${passwordEnv} in the environment instead, or name a file that has it in ${passwordEnv}_FILE`,
    );
  const name = username ?? (address.username === '' ? undefined : decodeURIComponent(address.username));
  address.username = '';
  const password = passwordOf({ passwordEnv, passwordFile }, { folder, env });
  return {
    url: address.href,
    ...defined({
      username: name,
      password,
      passwordPlace: passwordPlace({ passwordEnv, passwordFile }, env),
    }),
    passwordEnv,
    ...(ca === undefined ? {} : { ca: resolve(folder, ca) }),
  };
}

function timingsOf({
  heartbeatSeconds,
  lostAfterSeconds,
  lockSeconds,
  snapshotSeconds,
}: Pick<Written, 'heartbeatSeconds' | 'lostAfterSeconds' | 'lockSeconds' | 'snapshotSeconds'>): Timings {
  const ms = (value: number | undefined) => (value === undefined ? undefined : value * 1000);
  const beat = ms(heartbeatSeconds);
  return {
    ...defaultTimings,
    ...defined({
      lostAfterMs: ms(lostAfterSeconds),
      lockMs: ms(lockSeconds),
      snapshotMs: ms(snapshotSeconds),
    }),
    ...(beat === undefined
      ? {}
      : { presenceMs: beat, pollMs: beat, progressMs: Math.min(defaultTimings.progressMs, beat) }),
  };
}

function invalid(what: string): PwtError {
  return new PwtError('PWT_PLUGIN_OPTIONS', `@pwt/plugin-bullmq: ${what}.`, {
    hint: `For example: ["@pwt/plugin-bullmq", {"redis": "redis://localhost:6379", "remote": "origin"}], and the password in ${PASSWORD_VARIABLE}`,
  });
}
