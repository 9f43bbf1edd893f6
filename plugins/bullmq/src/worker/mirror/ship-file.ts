import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CommitId } from '@pwt/core';
import { commitTree, fallbackIdentity, type Git } from '@pwt/git';
import { MAX_SHIPPED, SHIPPED_AS } from '../../exchange/read-shipment.js';
import type { Shipment } from '../../protocol/operations.js';

/** Up to this size a file travels inside of a message. */
const MAX_INLINE = 64 * 1024;

/** The same for the same file, so that it is not pushed twice. */
const WHO = { ...fallbackIdentity, date: '946684800 +0000' };

/** @param publish puts a commit on the exchange */
export async function shipFile(
  git: Git,
  { file, ref }: { readonly file: string; readonly ref: string },
  publish: (commit: CommitId) => Promise<unknown>,
): Promise<Shipment> {
  const size = await sizeOf(file);
  if (size <= MAX_INLINE)
    return {
      kind: 'inline',
      text: size === 0 ? '' : (await readFile(file)).subarray(0, MAX_INLINE).toString('utf8'),
    };
  const blob = size <= MAX_SHIPPED ? await store(git, file) : await storeEnd(git, file, size);
  const tree = await git.text(['mktree'], { input: `100644 blob ${blob}\t${SHIPPED_AS}\n` });
  const commit = await commitTree(git, {
    ...{ tree, parents: [], message: 'pwt: a file\n', author: WHO, committer: WHO },
  });
  await publish(commit);
  return { kind: 'commit', ref, commit, path: SHIPPED_AS };
}

function store(git: Git, file: string): Promise<string> {
  return git.text(['hash-object', '-w', '--no-filters', '--', file]);
}

/** What is before the end stays with the worker. */
async function storeEnd(git: Git, file: string, size: number): Promise<string> {
  const end = join(git.cwd, `pwt-end-${process.pid}-${Date.now()}`);
  try {
    await pipeline(
      createReadStream(file, { start: size - MAX_SHIPPED, end: size - 1 }),
      createWriteStream(end, { flags: 'wx', mode: 0o600 }),
    );
    return await store(git, end);
  } finally {
    await rm(end, { force: true });
  }
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
}
