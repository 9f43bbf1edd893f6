import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PwtError } from '@pwt/core';
import { isNotUtf8 } from './byte-text.js';
import type { Git } from './git.js';
import { pathNotUtf8 } from './path-not-utf8.js';

/** Where the repository around a directory is, and of what kind. Paths are absolute. */
export interface Location {
  /** Top of the working tree; `null` in a bare repository or inside `.git`. */
  readonly topLevel: string | null;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly bare: boolean;
  readonly objectFormat: 'sha1' | 'sha256';
}

const FACTS = ['--is-bare-repository', '--show-object-format'] as const;
const PLACES = ['--absolute-git-dir', '--git-common-dir', '--show-toplevel'] as const;

/**
 * Locates the repository around the directory of `git`: with one git command in a working tree whose paths hold
 * no newline, with one for each question elsewhere.
 *
 * @throws PWT_PATH_NOT_UTF8, PWT_NOT_A_REPOSITORY, PWT_GIT_UNSAFE_OWNER, PWT_GIT_NOT_FOUND, PWT_CWD_NOT_FOUND, PWT_GIT_FAILED if
 * git does not know the questions
 */
export async function locate(git: Git): Promise<Location> {
  // Without a working tree git fails at the last question; without a repository at the first.
  const { exitCode, stdout } = await git.run(['rev-parse', ...FACTS, ...PLACES], {
    discover: true,
    okExitCodes: [0, 128],
  });
  const lines = stdout.split('\n').slice(0, -1);
  const isClear = exitCode === 0 && lines.length === FACTS.length + PLACES.length;
  const [bare, objectFormat, gitDir, commonDir, topLevel] = isClear ? lines : await askEach(git);
  const isAnswered = bare === 'true' || bare === 'false';
  if (!isAnswered || gitDir === undefined || commonDir === undefined) throw unreadable(stdout);
  for (const path of [gitDir, commonDir, topLevel ?? '']) if (isNotUtf8(path)) throw pathNotUtf8(path);
  const cwd = await realpath(git.cwd);
  return {
    topLevel: topLevel ?? null,
    gitDir,
    // Git says it relative to where it runs.
    commonDir: resolve(cwd, commonDir),
    bare: bare === 'true',
    objectFormat: objectFormat === 'sha256' ? 'sha256' : 'sha1',
  };
}

/** The same answers in the same order; the last one is left out where there is no working tree. */
async function askEach(git: Git): Promise<string[]> {
  // Alone at first, so that "not a repository" is reported once and by the command that asks for it.
  const gitDir = await git.text(['rev-parse', '--absolute-git-dir'], { discover: true });
  const [facts, commonDir, topLevel] = await Promise.all([
    git.lines(['rev-parse', ...FACTS], { discover: true }),
    git.text(['rev-parse', '--git-common-dir'], { discover: true }),
    git.run(['rev-parse', '--show-toplevel'], { discover: true, okExitCodes: [0, 128] }),
  ]);
  const top = topLevel.exitCode === 0 ? [topLevel.stdout.replace(/\n$/, '')] : [];
  return [...facts, gitDir, commonDir, ...top];
}

function unreadable(output: string): PwtError {
  return new PwtError('PWT_GIT_FAILED', 'Cannot read where the repository is from what git printed.', {
    hint: 'Check that `git` on the PATH is git: git version',
    data: { output },
  });
}
