import type { RunOptions } from '@pwt/core';
import type { PluginReference, VocabularyWords, WrittenConfig } from './written-config.js';

/** A command line for the shell with its time limit. */
export interface ShellCommand {
  readonly command: string;
  /** 0 means no limit. */
  readonly timeoutMs: number;
}

/** Text out of a file of the repository that pwt would run: it needs the user's approval. */
export interface RepositoryCommand {
  readonly kind: 'agent' | 'setup' | 'gate' | 'env' | 'config' | 'plugin';
  /** Exactly what is approved. */
  readonly text: string;
}

/** The configuration as the program works with it: every default filled in, every unit converted. */
export interface ResolvedConfig {
  /** The configuration file, if there is one. Absolute. */
  readonly file?: string;
  /** What was said, by file and caller together: enough to resolve the same configuration again. */
  readonly written: WrittenConfig;
  readonly options: RunOptions;
  /** Raise the permission to the preset's unattended step. */
  readonly autoApprove: boolean;
  /** Absent: `run` can't start, everything else can. */
  readonly agent?: Exclude<WrittenConfig['agent'], undefined>;
  /** Absolute. */
  readonly promptFile?: string;
  /** Absent: the separator's own default places. */
  readonly specs?: readonly string[];
  readonly vocabulary?: VocabularyWords;
  /** Absent: the branch that is checked out when the run starts. */
  readonly target?: string;
  readonly gate?: ShellCommand;
  readonly setup?: ShellCommand;
  /** What agents, setup and gate get of the user's environment beyond the default. */
  readonly env: Exclude<WrittenConfig['env'], undefined>;
  /** Absent: the provider's own default. */
  readonly worktree?: string;
  readonly branch?: string;
  readonly trashDays: number;
  readonly plugins: readonly PluginReference[];
  /** The commands that were said in a file and not by the caller. */
  readonly repositoryCommands: readonly RepositoryCommand[];
}
