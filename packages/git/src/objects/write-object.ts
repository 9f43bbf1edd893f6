import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { gitDirOf } from '../git-dir.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { Session } from './session.js';
import { takeLine } from './take-line.js';

type WrittenType = 'blob' | 'commit' | 'tree';

const writers = new WeakMap<Git, Map<WrittenType, Session<string>>>();

/**
 * Writes an object, byte by byte: one `git hash-object` for all of a type. Returns its id.
 *
 * Git checks commits. A tree is not checked: it may have entries of a kind that only old releases of git wrote.
 */
export async function writeObject(git: Git, type: WrittenType, content: string | Buffer): Promise<string> {
  return withTemporaryFolder(await gitDirOf(git), async (folder) => {
    const file = join(folder, type);
    await writeFile(file, content);
    return writerOf(git, type).ask(`${file}\n`);
  });
}

function writerOf(git: Git, type: WrittenType): Session<string> {
  const ofGit = writers.get(git) ?? new Map<WrittenType, Session<string>>();
  writers.set(git, ofGit);
  const check = type === 'tree' ? ['--literally'] : [];
  const args = ['hash-object', '-w', '-t', type, ...check, '--no-filters', '--stdin-paths'];
  const known = ofGit.get(type) ?? new Session(git, args, takeLine);
  ofGit.set(type, known);
  return known;
}
