import type { PluginContext } from '@pwt/core';
import type { Timings } from './protocol/timings.js';

/** What `["@pwt/plugin-bullmq", {…}]` may say, with defaults filled in. */
export interface BullmqOptions {
  readonly redis: RedisOptions;
  /** @default 'pwt' */
  readonly queue: string;
  /** Where code travels: the name of a remote of the project, or a URL. @default 'origin' */
  readonly remote: string;
  /** The repository's name for workers. @default the last part of the remote's URL */
  readonly repository?: string;
  readonly timings: Timings;
}

export interface RedisOptions {
  /** `redis://` or `rediss://`, with host, port and database; never with a password. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** A file with the certificate of the authority to trust, for `rediss://`. Absolute. */
  readonly ca?: string;
}

/** The variable that has the password, unless `passwordEnv` names another one. */
export const PASSWORD_VARIABLE = 'PWT_REDIS_PASSWORD';

/** @throws PwtError `PWT_PLUGIN_OPTIONS` */
export declare function readOptions(context: PluginContext, options: unknown): BullmqOptions;
