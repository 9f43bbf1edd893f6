import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliGitReader } from './cli-reader.js';
import { CombinedReader } from './combined-reader.js';
import type { Repository } from './discovery.js';
import type { Git } from './git.js';
import type { ObjectReader } from './object-reader.js';

/** Extensions of the repository format that change nothing for a reader. */
const HARMLESS_EXTENSIONS = new Set([
  'noop',
  'noop-v1',
  'preciousobjects',
  'worktreeconfig',
  'relativeworktrees',
]);

/** isomorphic-git reads every pack that it touches into memory, and checks it as a whole first. */
const MAX_PACK_BYTES = 32 * 1024 ** 2;

/** Why isomorphic-git is not used for a repository. */
export type ReaderObstacle =
  | 'object-format'
  | 'ref-format'
  | 'alternates'
  | 'partial-clone'
  | 'unknown-extension'
  | 'large-packs';

/**
 * Opens the reader that is right for a repository: isomorphic-git in this process for what it does faster,
 * where {@link findReaderObstacle} finds nothing against it, and the git CLI for everything else.
 *
 * @param request `git` runs anywhere in that repository; close the reader when done.
 */
export async function openObjectReader(request: {
  readonly git: Git;
  readonly repository: Repository;
}): Promise<ObjectReader> {
  const { git, repository } = request;
  return (await findReaderObstacle(repository)) === null
    ? new CombinedReader({ git, repository })
    : new CliGitReader({ git });
}

/** What isomorphic-git would get wrong, or do slowly, in this repository; `null` if nothing. */
export async function findReaderObstacle(repository: Repository): Promise<ReaderObstacle | null> {
  if (repository.objectFormat !== 'sha1') return 'object-format';
  if (repository.refFormat !== 'files') return 'ref-format';
  if (repository.alternates) return 'alternates';
  if (repository.partialClone) return 'partial-clone';
  if (Object.entries(repository.extensions).some(isUnknownExtension)) return 'unknown-extension';
  return (await packBytes(repository.commonDir)) > MAX_PACK_BYTES ? 'large-packs' : null;
}

function isUnknownExtension([name, value]: readonly [string, string]): boolean {
  if (name === 'objectformat') return value !== 'sha1';
  if (name === 'refstorage') return value !== 'files';
  return !HARMLESS_EXTENSIONS.has(name);
}

async function packBytes(commonDir: string): Promise<number> {
  const folder = join(commonDir, 'objects/pack');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
