import type { ConfigValues } from './config-values.js';
import type { WrittenConfig } from './written-config.js';

/** Text out of a file of the repository that pwt would run: it needs the user's approval. */
export interface RepositoryCommand {
  readonly kind: 'agent' | 'setup' | 'gate' | 'env' | 'tasks' | 'config' | 'plugin';
  /** Exactly what is approved. */
  readonly text: string;
}

/** The configuration as the program works with it: the value of every setting, and where it comes from. */
export interface ResolvedConfig extends ConfigValues {
  /** The configuration file, if there is one. Absolute. */
  readonly file: string | undefined;
  /** What was said, by file and caller together: enough to resolve the same configuration again. */
  readonly written: WrittenConfig;
  /** The commands that were said in a file and not by the caller. */
  readonly repositoryCommands: readonly RepositoryCommand[];
}
