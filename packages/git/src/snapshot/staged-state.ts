import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPwtError } from '@pwt/core';
import { diskPath } from '../byte-text.js';
import { copyIndex, gitAt, type Place } from './place.js';
import { type IndexLine, ScratchIndex } from './scratch-index.js';

/** What the index of a working tree holds. */
export interface StagedState {
  /** Conflicted paths as they are on our side. */
  readonly tree: string;
  /** The stages of conflicted paths, below `1/`, `2/` and `3/`. */
  readonly conflicts: readonly IndexLine[];
  /** A copy of the index to go on with, every entry of it open to change. */
  readonly index: ScratchIndex;
}

/** Reads the index of a place; where there is none, or it is damaged, what HEAD holds. */
export async function readStagedState(
  place: Place,
  head: string | null,
  folder: string,
): Promise<StagedState> {
  const file = join(folder, 'staged');
  const index = new ScratchIndex(gitAt(place), file);
  const records = (await copyIndex(place, file)) ? await readRecords(index) : null;
  if (records !== null) await openAll(index, records, place.workTree);
  else {
    await rm(file, { force: true });
    const isWhole = place.gitDir !== null && place.workTree !== null && head !== null;
    // `reset` knows what a sparse checkout leaves out.
    await index.run(isWhole ? ['reset', '--quiet', '--', '.'] : ['read-tree', head ?? '--empty']);
  }
  const unmerged = (records ?? []).filter(({ stage }) => stage !== '0');
  if (unmerged.length === 0) return { tree: await index.writeTree(), conflicts: [], index };
  return { tree: await ourSide(place, unmerged, file), conflicts: unmerged.map(belowItsStage), index };
}

interface IndexRecord extends IndexLine {
  /** As `git ls-files -v` prints it: `H`, `S` (skip-worktree), `M`; in lower case if assumed unchanged. */
  readonly tag: string;
  readonly stage: string;
}

/** `null` if the index can't be read. */
async function readRecords(index: ScratchIndex): Promise<IndexRecord[] | null> {
  try {
    return (await index.zRecords(['ls-files', '-z', '-v', '--stage'])).map(parseRecord);
  } catch (error) {
    if (isPwtError(error) && error.code === 'PWT_GIT_FAILED') return null;
    throw error;
  }
}

/** `H 100644 <id> 0<tab>path` */
function parseRecord(record: string): IndexRecord {
  const tab = record.indexOf('\t');
  const [tag = '', mode = '', id = '', stage = ''] = record.slice(0, tab).split(' ');
  return { tag, mode, id, stage, path: record.slice(tab + 1) };
}

/**
 * An entry that is flagged as unchanged or as not checked out hides what was written to its file. The second flag
 * stays where there is no file: a sparse checkout is no deletion.
 */
async function openAll(
  index: ScratchIndex,
  records: readonly IndexRecord[],
  workTree: string | null,
): Promise<void> {
  const assumed = records.filter(({ tag }) => tag !== tag.toUpperCase());
  const skipped = records.filter(({ tag }) => tag.toUpperCase() === 'S');
  await unflag(index, '--no-assume-unchanged', assumed);
  if (workTree === null || skipped.length === 0) return;
  const isThere = lookingIn(workTree);
  await unflag(
    index,
    '--no-skip-worktree',
    skipped.filter(({ path }) => isThere(path)),
  );
}

/** Whether paths exist below a folder; what lies in a folder that is not there is not looked at one by one. */
function lookingIn(top: string): (path: string) => boolean {
  const folders = new Map<string, boolean>([['.', true]]);
  const isThere = (path: string): boolean =>
    lstatSync(diskPath(join(top, path)), { throwIfNoEntry: false }) !== undefined;
  const hasFolder = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = hasFolder(dirname(folder)) && isThere(folder);
    folders.set(folder, found);
    return found;
  };
  return (path) => hasFolder(dirname(path)) && isThere(path);
}

async function unflag(index: ScratchIndex, flag: string, records: readonly IndexRecord[]): Promise<void> {
  if (records.length === 0) return;
  const input = records.map(({ path }) => `${path}\0`).join('');
  await index.run(['update-index', '-z', flag, '--stdin'], { input });
}

async function ourSide(place: Place, unmerged: readonly IndexRecord[], file: string): Promise<string> {
  const copy = `${file}-ours`;
  const index = new ScratchIndex(gitAt(place), copy);
  await copyIndex(place, copy);
  const paths = [...new Set(unmerged.map(({ path }) => path))];
  const gone = paths.map((path) => `0 ${'0'.repeat(unmerged[0]?.id.length ?? 40)}\t${path}\0`).join('');
  await index.run(['update-index', '-z', '--index-info'], { input: gone });
  await index.add(unmerged.filter(({ stage }) => stage === '2'));
  return index.writeTree();
}

function belowItsStage({ mode, id, stage, path }: IndexRecord): IndexLine {
  return { mode, id, path: `${stage}/${path}` };
}
