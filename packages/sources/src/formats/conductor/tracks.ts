import { existing, type FeatureFolder, featureFolders } from '../../checklist/feature-lists.js';
import { below, type Checkout } from '../../checkout.js';
import { readTracks } from './track-index.js';

/** A track with what its index and its own data say of it. */
export interface Track extends FeatureFolder {
  readonly title?: string;
  /** What shows that it is finished. */
  readonly done?: string;
  /** Its specification. */
  readonly spec?: string;
  /** What describes the project. */
  readonly documents: readonly string[];
}

const PLAN = 'plan.md';
export const INDEX = 'tracks.md';
const PROJECT = ['product.md', 'product-guidelines.md', 'tech-stack.md'];
/** `dark_mode_20260131` */
const DATED = /[_-]\d{8}$/;
const ENDED = /^(?:complete|completed|done|archived|cancelled|canceled)$/i;

/** The name of a track without its date. */
export function withoutDate(name: string): string {
  return name.replace(DATED, '');
}

/** The folders of `tracks` that have a plan. */
export function trackFolders(
  checkout: Checkout,
  roots: readonly string[],
): Promise<readonly FeatureFolder[]> {
  const parents = roots.map((root) => below(root, 'tracks'));
  return featureFolders(checkout, parents, PLAN, withoutDate);
}

export async function findTracks(checkout: Checkout, roots: readonly string[]): Promise<readonly Track[]> {
  const indexed = await readIndexes(checkout, roots);
  const tracks: Track[] = [];
  for (const feature of await trackFolders(checkout, roots)) {
    const { folder } = feature;
    const { title, done = await endedBy(checkout, folder) } = indexed.get(folder) ?? {};
    const root = folder.split('/').slice(0, -2).join('/');
    const [spec] = await existing(checkout, [`${folder}/spec.md`]);
    tracks.push({
      ...feature,
      documents: await existing(
        checkout,
        PROJECT.map((name) => below(root, name)),
      ),
      ...(title === undefined ? {} : { title }),
      ...(done === undefined ? {} : { done }),
      ...(spec === undefined ? {} : { spec }),
    });
  }
  return tracks;
}

interface Indexed {
  readonly title: string;
  readonly done?: string;
}

/** What the indexes say of the tracks, by their folders. */
async function readIndexes(
  checkout: Checkout,
  roots: readonly string[],
): Promise<ReadonlyMap<string, Indexed>> {
  const found = new Map<string, Indexed>();
  for (const root of roots) {
    const path = below(root, INDEX);
    const text = (await checkout.read(path)) ?? '';
    for (const { folder, title, ticked, line } of readTracks(text))
      found.set(`${root}/tracks/${folder}`, {
        title,
        ...(ticked ? { done: `${path}:${line} is ticked off` } : {}),
      });
  }
  return found;
}

/** That a track has ended, as its own data have it. */
async function endedBy(checkout: Checkout, folder: string): Promise<string | undefined> {
  const path = `${folder}/metadata.json`;
  const status = /"status"\s*:\s*"([\w -]+)"/.exec((await checkout.read(path)) ?? '')?.[1] ?? '';
  return ENDED.test(status) ? `${path} has the status "${status}"` : undefined;
}
