import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MergeRoom } from './merge-room.js';
import type { MergeLabels } from './merge-tree.js';
import { isObjectId } from './object-id.js';
import { isValidBranchName } from './ref-name.js';

/** The commits of a merge, by full id. */
interface Sides {
  readonly ours: string;
  readonly theirs: string;
  readonly labels: MergeLabels | undefined;
}

/**
 * The two sides as arguments of a merge: git puts into conflict markers what it was given. The names are branches of the
 * merge's own room, and nobody else sees them.
 *
 * @returns the ids, where a name could be taken for something else
 */
export async function nameSides(
  { gitDir }: Pick<MergeRoom, 'gitDir'>,
  { ours, theirs, labels }: Sides,
): Promise<readonly [string, string]> {
  if (labels === undefined || !areUsable(labels) || (await isReftable(gitDir))) return [ours, theirs];
  await writeBranch(gitDir, labels.ours, ours);
  await writeBranch(gitDir, labels.theirs, theirs);
  return [labels.ours, labels.theirs];
}

function areUsable({ ours, theirs }: MergeLabels): boolean {
  const isUsable = (name: string) =>
    isValidBranchName(name) && !isObjectId(name) && !/^(refs|heads|tags|remotes)\/|HEAD$/.test(name);
  // A ref can't be a folder for another one.
  return (
    isUsable(ours) &&
    isUsable(theirs) &&
    !`${ours}/`.startsWith(`${theirs}/`) &&
    !`${theirs}/`.startsWith(`${ours}/`)
  );
}

async function isReftable(gitDir: string): Promise<boolean> {
  return /^\s*refstorage\s*=\s*"?reftable/im.test(await readFile(join(gitDir, 'config'), 'latin1'));
}

async function writeBranch(gitDir: string, name: string, commit: string): Promise<void> {
  const file = join(gitDir, 'refs/heads', name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${commit}\n`);
}
