import type { Git } from '@pwt/git';
import type { Shipment } from '../protocol/operations.js';
import { unsound } from './remote/failures.js';
import type { Remote } from './remote/remote.js';

/** How much of a file travels at most, in bytes: its end. */
export const MAX_SHIPPED: number = 128 * 1024 * 1024;

/** Under which name a file is in the tree of its commit. */
export const SHIPPED_AS = 'file';

/** The text of a file that has travelled as a commit. The commit is not kept. */
export async function readShipment(
  git: Git,
  remote: Remote,
  { ref, commit, path }: Extract<Shipment, { kind: 'commit' }>,
): Promise<string> {
  if (path !== SHIPPED_AS)
    throw unsound(remote.address, ref, `a file ${JSON.stringify(path)} is not shipped.`);
  await remote.fetch(ref, commit);
  const blob = `${commit}:${SHIPPED_AS}`;
  const { exitCode, stdout } = await git.run(['cat-file', '-s', blob], { okExitCodes: [0, 128] });
  const size = Number(stdout);
  if (exitCode !== 0 || size > MAX_SHIPPED)
    throw unsound(remote.address, ref, exitCode === 0 ? `it has ${size} bytes.` : 'there is no file in it.');
  return (await git.runBytes(['cat-file', 'blob', blob])).stdout.toString('utf8');
}
