import { diskPath } from './byte-text.js';
import type { Git } from './git.js';

/**
 * The id that the content of a file in the worktree of `git` would have, its attributes and filters applied;
 * `null` if it cannot be read.
 *
 * @param path relative to the top, as git named it
 */
export async function hashFile(git: Git, path: string): Promise<string | null> {
  // An argument is text. A name that is no UTF-8 goes through standard input, where it may not hold a line break.
  const isText = typeof diskPath(path) === 'string';
  const { exitCode, stdout } = isText
    ? await git.run(['hash-object', '--', path], { okExitCodes: [0, 128] })
    : await git.run(['hash-object', '--stdin-paths'], { input: `${path}\n`, okExitCodes: [0, 128] });
  return exitCode === 0 ? stdout.trim() : null;
}
