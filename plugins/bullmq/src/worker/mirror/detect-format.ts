import type { Git } from '@pwt/git';
import { unreachable } from '../../exchange/remote/failures.js';
import { runRemote } from '../../exchange/remote/run-remote.js';

export type ObjectFormat = 'sha1' | 'sha256';

const TIMEOUT_MS = 120_000;

/**
 * The object format of a remote, by the length of an id of it. One that is empty is taken for SHA-1.
 *
 * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`
 */
export async function detectFormat({
  git,
  address,
  timeoutMs = TIMEOUT_MS,
}: {
  readonly git: Git;
  readonly address: string;
  readonly timeoutMs?: number;
}): Promise<ObjectFormat> {
  const { exitCode, stdout, stderr } = await runRemote(
    git,
    ['ls-remote', '--quiet', '--', address],
    timeoutMs,
  );
  if (exitCode !== 0) throw unreachable(address, stderr);
  return /^[0-9a-f]{64}\t/.test(stdout) ? 'sha256' : 'sha1';
}
