import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObserveRequest, RepositoryState } from '@pwt/core';
import { type Git, listRefs } from '@pwt/git';
import { digest } from './digest.js';

/** Remote-tracking branches are left out: every fetch moves them. */
const NAMESPACES = ['refs/heads/', 'refs/tags/', 'refs/pwt/', 'refs/replace/', 'refs/notes/', 'refs/stash'];

/** The refs that others may move: the target's tip, and all others but those of the run itself. */
export async function readRefs(
  git: Git,
  { target, runId, ownBranches }: ObserveRequest,
): Promise<Pick<RepositoryState, 'target' | 'refs'> & { readonly stash: string | null }> {
  const all = new Map((await listRefs(git, ...NAMESPACES)).map(({ ref, id }) => [ref, id]));
  const tip = all.get(`refs/heads/${target}`) ?? null;
  const stash = all.get('refs/stash') ?? null;
  for (const branch of ownBranches) all.delete(`refs/heads/${branch}`);
  const foreign = [...all].filter(([ref]) => ref !== 'refs/stash' && !ref.startsWith(`refs/pwt/${runId}/`));
  return { target: { branch: target, tip }, refs: Object.fromEntries(foreign), stash };
}

/** The stash and its entries: they are the lines of its reflog. */
export async function readStash(commonDir: string, tip: string | null): Promise<RepositoryState['stash']> {
  if (tip === null) return { entries: '' };
  const log = await readFile(join(commonDir, 'logs/refs/stash'), 'utf8').catch(() => '');
  const newest = log.trimEnd().split('\n').at(-1)?.split('\t').slice(1).join('\t');
  return { entries: digest(`${tip}\n${log}`), ...(newest ? { newest } : {}) };
}
