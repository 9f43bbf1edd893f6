import type { WrittenConfig } from '@pwt/default/settings';
import type { Io } from './io.js';
import type { FlagValues } from './options/config-flags.js';

/** What every command gets: the process around it and its own part of the command line. */
export interface CommandContext {
  readonly io: Io;
  /** The directory to work in. Absolute. */
  readonly cwd: string;
  /** Positional arguments, usually ids of tasks. */
  readonly args: readonly string[];
  readonly flags: FlagValues;
  /** What the command line says in place of the configuration file. */
  readonly settings: WrittenConfig;
  readonly json: boolean;
  /** Code of the repository that has not been approved is left out, without a question. */
  readonly worksWithoutCode?: boolean;
}

/** Does its work and says with which code to exit. Problems are thrown. */
export type RunCommand = (context: CommandContext) => Promise<number>;
