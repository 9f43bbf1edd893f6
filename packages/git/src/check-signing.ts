import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commitTree } from './commit.js';
import type { Git } from './git.js';
import { gitDirOf } from './git-dir.js';
import { fallbackWhereUnset } from './identity.js';
import type { Signing } from './signing.js';
import { withTemporaryFolder } from './temporary-folder.js';

/**
 * Signs a commit to see whether that works. Its objects go away with a folder of their own.
 *
 * @throws PWT_SIGNING_FAILED if the program or the key is missing, or does not answer
 */
export async function checkSigning(git: Git, signing: Signing): Promise<void> {
  const identity = await fallbackWhereUnset(git);
  await withTemporaryFolder(await gitDirOf(git), async (folder) => {
    const env = { GIT_OBJECT_DIRECTORY: join(folder, 'objects') };
    await mkdir(env.GIT_OBJECT_DIRECTORY);
    const tree = await git.text(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '', env });
    const message = 'pwt: can commits be signed?\n';
    await commitTree(git, { ...identity, tree, parents: [], message, signing, env });
  });
}
