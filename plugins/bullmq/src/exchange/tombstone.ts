import { createHash } from 'node:crypto';
import type { CommitId } from '@pwt/core';
import { commitTree, fallbackIdentity, type Git } from '@pwt/git';

const MESSAGE = 'pwt: attempt given up\n';
/** The same for everybody: then everybody makes the same commit, and pushing it again changes nothing. */
const WHO = { ...fallbackIdentity, date: '946684800 +0000' };

/** Writes the commit that takes the place of a result. It is the same one in every repository of the same format. */
export async function writeTombstone(git: Git): Promise<CommitId> {
  const tree = await git.text(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
  return commitTree(git, { tree, parents: [], message: MESSAGE, author: WHO, committer: WHO });
}

/** True for the id of what {@link writeTombstone} writes, in either format. */
export function isTombstone(commit: CommitId): boolean {
  return commit === idIn('sha1') || commit === idIn('sha256');
}

function idIn(algorithm: 'sha1' | 'sha256'): CommitId {
  const idOf = (type: string, content: string) =>
    createHash(algorithm).update(`${type} ${content.length}\0${content}`).digest('hex');
  const who = `${WHO.name} <${WHO.email}> ${WHO.date}`;
  return idOf('commit', `tree ${idOf('tree', '')}\nauthor ${who}\ncommitter ${who}\n\n${MESSAGE}`);
}
