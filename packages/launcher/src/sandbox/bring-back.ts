import type { Dirent } from 'node:fs';
import { chmod, lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectId, readRef, updateRef } from '@pwt/git';
import { readText } from '../attempt/durable-file.js';
import { removeTree } from './remove-tree.js';
import type { SandboxFiles, SandboxRecord } from './sandbox-files.js';
import type { SandboxRepository } from './sandbox-options.js';

/** Whose work is brought back. */
export interface BringBackRequest {
  readonly repository: SandboxRepository;
  readonly files: SandboxFiles;
  /** Below which refs go that can't be where the agent has put them. In full, ending at a slash. */
  readonly keepUnder: string;
}

const REFLOG_MESSAGE = 'pwt: committed in the sandbox';

/**
 * Brings what an agent did to its copies of the refs into the repository, and removes the copies.
 *
 * Its own branch moves there, if it is where it was when the agent started; so does a new branch that it has checked
 * out. Everything else it has done to branches, tags and the stash becomes a ref of pwt's, where no one else’s work
 * depends on it. Safe to repeat: after a crash it goes on. Nothing in the copies is followed or run; they are text.
 *
 * @returns what a person should know, a sentence each
 */
export async function bringBack(request: BringBackRequest): Promise<string[]> {
  const { files } = request;
  const record = await files.record();
  if (record === undefined) return [];
  const notes = record.gitDir === undefined ? [] : await bringRefsBack(request, record, record.gitDir);
  if (record.gitDir !== undefined && record.hadWorktreeConfig === false) {
    await rm(join(record.gitDir, 'config.worktree'), { force: true, recursive: true });
  }
  await removeTree(files.dir);
  return notes;
}

async function bringRefsBack(
  { repository, files, keepUnder }: BringBackRequest,
  { branch }: SandboxRecord,
  gitDir: string,
): Promise<string[]> {
  const before = parsePackedRefs((await readText(files.refsBefore)) ?? '');
  const after = await readRefs(files.git);
  const own = branch === undefined ? undefined : `refs/heads/${branch}`;
  const head = /^ref: (refs\/heads\/.+)\n?$/.exec((await readSmall(join(gitDir, 'HEAD'))) ?? '')?.[1];
  const notes: string[] = [];
  for (const [ref, id] of after) {
    const old = before.get(ref) ?? null;
    if (old === id || !isBroughtBack(ref)) continue;
    const moves = ref === own || (ref === head && old === null);
    if (moves && (await move(repository, ref, id, old))) continue;
    const kept = keepUnder + ref.slice('refs/'.length);
    await move(repository, kept, id, await readRef(repository.git, kept));
    notes.push(
      moves
        ? `${ref} was moved by others meanwhile; what the agent committed there is ${kept}`
        : `the agent changed ${ref} in its sandbox; what it wrote there is ${kept}`,
    );
  }
  return notes;
}

async function move(
  { git }: SandboxRepository,
  ref: string,
  id: string,
  old: string | null,
): Promise<boolean> {
  const update = await updateRef(git, { ref, newValue: id, oldValue: old, reflogMessage: REFLOG_MESSAGE });
  return update.status === 'updated' || update.actual === id;
}

/** Remotes and the like can be had again; pwt's own are the real ones. */
function isBroughtBack(ref: string): boolean {
  return ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/') || ref === 'refs/stash';
}

/** Refs as git keeps them in files: a loose one wins over a packed one (gitrepository-layout, "refs"). */
async function readRefs(dir: string): Promise<Map<string, string>> {
  await entriesOf(dir);
  const refs = parsePackedRefs((await readSmall(join(dir, 'packed-refs'), MAX_PACKED_BYTES)) ?? '');
  await readLoose(dir, 'refs', refs);
  return refs;
}

async function readLoose(dir: string, name: string, refs: Map<string, string>): Promise<void> {
  const entries = await entriesOf(join(dir, name));
  for (const entry of entries) {
    const ref = `${name}/${entry.name}`;
    if (entry.isDirectory() && ref !== 'refs/pwt') await readLoose(dir, ref, refs);
    else if (entry.isFile() && isPlainRef(ref)) {
      const id = (await readSmall(join(dir, ref)))?.trim() ?? '';
      if (isObjectId(id)) refs.set(ref, id);
    }
  }
}

function parsePackedRefs(text: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, id = '', ref = ''] = /^([0-9a-f]+) (refs\/.+)$/.exec(line) ?? [];
    if (isObjectId(id) && isPlainRef(ref)) refs.set(ref, id);
  }
  return refs;
}

/** By git-check-ref-format(1), as far as a file can be called so. A lock is no ref. */
function isPlainRef(ref: string): boolean {
  return (
    /^refs(\/[^/]+)+$/.test(ref) && !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\.|\.lock(\/|$)|\.(\/|$)/.test(ref)
  );
}

const MAX_SMALL_BYTES = 4096;
const MAX_PACKED_BYTES = 256 * 1024 * 1024;

/** The text of a plain file that is not too large; links, pipes and devices are not opened. */
async function readSmall(path: string, maxBytes: number = MAX_SMALL_BYTES): Promise<string | undefined> {
  const found = await lstat(path).catch(unlessGone);
  if (!found?.isFile() || found.size > maxBytes) return undefined;
  // An agent may have closed it; it is read all the same, since the copies are removed afterwards.
  if ((found.mode & 0o400) === 0) await chmod(path, 0o600);
  return readFile(path, 'utf8').catch(unlessGone);
}

/** What a folder holds, also one that the agent has closed; nothing where there is none, or a link. */
async function entriesOf(path: string): Promise<Dirent[]> {
  const found = await lstat(path).catch(unlessGone);
  if (!found?.isDirectory()) return [];
  if ((found.mode & 0o500) !== 0o500) await chmod(path, 0o700);
  return readdir(path, { withFileTypes: true });
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
