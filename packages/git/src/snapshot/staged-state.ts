import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hidingRecords, type IndexRecord, readIndexRecords, unflag } from '../index-flags.js';
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
  const git = gitAt(place);
  const index = new ScratchIndex(git, file);
  const options = { env: { GIT_INDEX_FILE: file } };
  const records = (await copyIndex(place, file)) ? await readIndexRecords(git, options) : null;
  if (records !== null) await unflag(git, hidingRecords(records, place.workTree), options);
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
