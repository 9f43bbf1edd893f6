import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isTrue, splitConfigRecord } from './config-record.js';
import type { Git } from './git.js';

/** What the main working tree is told about itself; a linked one may be told otherwise. */
export interface CoreConfig {
  readonly bare: boolean;
  readonly worktree: string | null;
}

interface Known {
  /** Of the files that said it. */
  readonly versions: string;
  readonly config: CoreConfig;
}

/** By the git directory; a run asks for it at each worktree that it makes, removes or lands beside. */
const known = new Map<string, Known>();

/**
 * Reads it with git, and again only when a configuration file of the repository is another one. A file that includes
 * others is read each time: those may change without it. The user's own files are taken not to change meanwhile.
 *
 * @param commonDir the git directory that all worktrees share; absolute, physical
 */
export async function readCoreConfig(git: Git, commonDir: string): Promise<CoreConfig> {
  const files = [join(commonDir, 'config'), join(commonDir, 'config.worktree')];
  const versions = (await Promise.all(files.map(versionOf))).join(' ');
  const before = known.get(commonDir);
  if (before?.versions === versions) return before.config;
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  const config = await readWithGit(git, commonDir);
  if (texts.some((text) => /include/i.test(text))) known.delete(commonDir);
  else known.set(commonDir, { versions, config });
  return config;
}

async function readWithGit(git: Git, commonDir: string): Promise<CoreConfig> {
  const records = await git.zRecords(
    [`--git-dir=${commonDir}`, 'config', '-z', '--get-regexp', '^core\\.(bare|worktree)$'],
    // What is really configured, trusted or not.
    { discover: true, okExitCodes: [0, 1, 128] },
  );
  const values = new Map(records.map(splitConfigRecord));
  return { bare: isTrue(values.get('core.bare')), worktree: values.get('core.worktree') ?? null };
}

/** Differs after each change: git replaces the file, and an editor that writes into it changes its times. */
async function versionOf(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(
    ({ ino, size, mtimeNs, ctimeNs }) => `${ino}-${size}-${mtimeNs}-${ctimeNs}`,
    () => 'none',
  );
}
