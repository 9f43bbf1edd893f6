import { isTaskId } from '@pwt/core';
import {
  type FeatureFolder,
  featureTasks,
  type ListOptions,
  markPart,
} from '../../checklist/feature-lists.js';
import { type Checklist, parseChecklist } from '../../checklist/parse-checklist.js';
import { type Part, rootParts, sectionParts } from '../../checklist/parts.js';
import { markWholeList, wholeListTask } from '../../checklist/whole-list.js';
import { below, type Checkout } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { nameForId } from '../../names.js';
import { flag, folderList, oneOf } from '../../options.js';
import { tickTrack } from './track-index.js';
import { findTracks, INDEX, type Track, trackFolders, withoutDate } from './tracks.js';

export interface ConductorOptions extends ListOptions {
  /** Folders that hold `tracks.md` and `tracks`. @default ['conductor'] */
  readonly folders?: readonly string[];
  /** What a task is: a track with its whole plan, a phase of the plan, or one of its tasks. @default 'track' */
  readonly unit?: 'track' | 'phase' | 'task';
}

const defaultFolders: readonly string[] = ['conductor'];

/**
 * The tracks of conductor, `conductor/tracks/<track>/`. A track is one task, as conductor implements it; the option `unit` cuts
 * its plan up. Tracks in the archive, and those that the index `tracks.md` or their own data have as ended, are finished.
 */
export const conductor: TaskFormat<ConductorOptions> = defineFormat({
  name: 'conductor',
  tasks: 'the tracks of conductor',
  options: {
    folders: folderList(['conductor']),
    unit: oneOf(['track', 'phase', 'task']),
    inOrder: flag(false),
  },

  async detect(checkout) {
    for (const { path } of await trackFolders(checkout, defaultFolders))
      if (parseChecklist((await checkout.read(path)) ?? '').roots.length > 0) return { path };
    return undefined;
  },

  async load({ checkout, options }) {
    const folders = options.folders ?? defaultFolders;
    const tracks = await findTracks(checkout, folders);
    const { unit = 'track' } = options;
    const tasks =
      unit === 'track'
        ? await wholeTracks(checkout, tracks)
        : await partsOfTracks(checkout, tracks, cuts[unit], options);
    return { tasks: [...tasks, ...(await archivedTracks(checkout, folders, tracks))] };
  },

  normaliseId: withoutDate,

  async markDone({ options: { unit = 'track' }, task, read }) {
    if (unit !== 'track') return markPart({ task, read }, cuts[unit]);
    const { path = '' } = task.specs[0] ?? {};
    const plan = await markWholeList(path, read);
    const [folder = '', , ...root] = path.split('/').slice(0, -1).reverse();
    const index = below(root.reverse().join('/'), INDEX);
    const text = await read(index);
    const ticked = text === undefined ? undefined : tickTrack(text, folder);
    return ticked === undefined || ticked === text ? plan : [...plan, { path: index, text: ticked }];
  },
});

const cuts: Readonly<Record<'phase' | 'task', (list: Checklist) => readonly Part[]>> = {
  phase: sectionParts,
  task: (list) => rootParts(list).map((part) => ({ ...part, title: withoutMarks(part.title) })),
};

/** The words of a task without "Task:" before them and the commit that conductor writes behind a finished one. */
function withoutMarks(title: string): string {
  return title
    .replace(/^Task(?:\s+[\d.]+)?:\s*/i, '')
    .replace(/\s+(?:\[[0-9a-f]{7,40}\]|[0-9a-f]{7,40})$/, '');
}

async function wholeTracks(checkout: Checkout, tracks: readonly Track[]): Promise<readonly FormatTask[]> {
  const plans = await checkout.readAll(tracks);
  const specs = await checkout.readAll(tracks.map(({ spec = '' }) => ({ path: spec })));
  return tracks.flatMap((track, at) => {
    const { name, path, folder, documents, title = name.replace(/[_-]+/g, ' '), done, spec = '' } = track;
    const text = plans[at];
    const words = specs[at];
    if (text === undefined) return [];
    const given = words === undefined ? undefined : { path: spec, text: words };
    return [
      wholeListTask({
        ...{ id: name, title, path, text, with: given, dependsOn: [], done },
        context: { folder, documents },
      }),
    ];
  });
}

async function partsOfTracks(
  checkout: Checkout,
  tracks: readonly Track[],
  parts: (list: Checklist) => readonly Part[],
  options: ConductorOptions,
): Promise<readonly FormatTask[]> {
  const byFolder = new Map(tracks.map((track) => [track.folder, track]));
  const context = async ({ folder, path }: FeatureFolder) => {
    const { spec, documents = [] } = byFolder.get(folder) ?? {};
    return { folder, documents: [...(spec === undefined ? [] : [spec]), path, ...documents] };
  };
  const found = await featureTasks(checkout, tracks, { parts, context }, options);
  return found.map(({ feature, task }) => {
    const { done = task.done } = byFolder.get(feature.folder) ?? {};
    return done === undefined ? task : { ...task, done };
  });
}

/** Archived tracks, so that whoever asks for one is told where it is. A newer track of the same name takes it up again. */
async function archivedTracks(
  checkout: Checkout,
  folders: readonly string[],
  tracks: readonly Track[],
): Promise<readonly FormatTask[]> {
  const taken = new Set(tracks.map(({ name }) => name));
  const found: FormatTask[] = [];
  for (const folder of folders) {
    const archive = below(folder, 'archive');
    for (const name of await checkout.folders(archive)) {
      const id = nameForId(withoutDate(name), '');
      if (!isTaskId(id) || taken.has(id)) continue;
      taken.add(id);
      found.push({ id, title: id, specs: [], dependsOn: [], done: `${archive}/${name} is archived` });
    }
  }
  return found;
}
