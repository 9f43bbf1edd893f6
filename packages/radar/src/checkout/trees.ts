import {
  encodeText,
  FOLDER_MODE,
  type ObjectReader,
  type Quarantine,
  readTree,
  type TreeEntry,
} from '@pwt/git';
import type { FileEntry, Overlay } from './entries.js';

/** What a tree has at a path: a file, a folder, or `null`. */
export async function lookUp(objects: ObjectReader, tree: string, path: string): Promise<FileEntry | null> {
  let id = tree;
  const names = path.split('/');
  for (const [at, name] of names.entries()) {
    const entry = (await readTree(objects, id)).get(name);
    if (entry === undefined) return null;
    if (at === names.length - 1) return entry;
    if (entry.mode !== FOLDER_MODE) return null;
    id = entry.id;
  }
  return null;
}

/** The files of a tree below a folder, by path; nothing if there is no such folder. */
export async function filesBelow(objects: ObjectReader, tree: string, folder: string): Promise<string[]> {
  const found = await lookUp(objects, tree, folder);
  return found?.mode === FOLDER_MODE ? filesIn(objects, found.id, `${folder}/`) : [];
}

async function filesIn(objects: ObjectReader, tree: string, prefix: string): Promise<string[]> {
  const entries = [...(await readTree(objects, tree)).values()];
  const found = await Promise.all(
    entries.map(({ name, mode, id }) =>
      mode === FOLDER_MODE ? filesIn(objects, id, `${prefix}${name}/`) : [`${prefix}${name}`],
    ),
  );
  return found.flat();
}

/** The folders in trees. What is in a tree is remembered by its id: of one that differs in a few files, only their folders are read. */
export class Folders {
  readonly #known = new Map<string, Promise<readonly string[]>>();

  /** The folders in a tree, itself left out. */
  async in(objects: ObjectReader, tree: string): Promise<readonly string[]> {
    const known = this.#known.get(tree) ?? this.#read(objects, tree);
    this.#known.set(tree, known);
    return known;
  }

  async #read(objects: ObjectReader, tree: string): Promise<readonly string[]> {
    const folders = [...(await readTree(objects, tree)).values()].filter(({ mode }) => mode === FOLDER_MODE);
    const below = await Promise.all(
      folders.map(async ({ name, id }) => [
        name,
        ...(await this.in(objects, id)).map((folder) => `${name}/${folder}`),
      ]),
    );
    return below.flat();
  }
}

/**
 * Writes the tree that another one becomes with an overlay. Only folders on the way to what differs are read and written.
 *
 * @returns its id
 */
export async function writeOverlaid(
  objects: ObjectReader,
  quarantine: Quarantine,
  tree: string,
  overlay: Overlay,
): Promise<string> {
  const below = new Map([...overlay].map(([path, entry]) => [path.split('/'), entry] as const));
  return (
    (await writeFolder({ objects, quarantine }, tree, [...below])) ??
    quarantine.write('tree', new Uint8Array(), tree.length)
  );
}

type Changes = (readonly [names: readonly string[], entry: FileEntry | null])[];

interface Stores {
  readonly objects: ObjectReader;
  readonly quarantine: Quarantine;
}

/** `undefined`: nothing is left in it. */
async function writeFolder(
  stores: Stores,
  tree: string | undefined,
  changes: Changes,
): Promise<string | undefined> {
  const before = tree === undefined ? new Map<string, TreeEntry>() : await readTree(stores.objects, tree);
  const entries = new Map(before);
  for (const [name, { file, inside }] of byFirstName(changes)) {
    const old = before.get(name);
    const folder = old?.mode === FOLDER_MODE ? old.id : undefined;
    if (file) entries.set(name, { name, ...file });
    else if (file === null && folder === undefined) entries.delete(name);
    if (file || inside.length === 0) continue;
    const id = await writeFolder(stores, folder, inside);
    if (id !== undefined) entries.set(name, { name, mode: FOLDER_MODE, id });
    else if (folder !== undefined) entries.delete(name);
  }
  if (entries.size === 0) return undefined;
  const idLength = [...entries.values()][0]?.id.length ?? 40;
  return stores.quarantine.write('tree', formatTree([...entries.values()]), idLength);
}

interface AtName {
  /** `undefined`: nothing is said of a file of this name. */
  file: FileEntry | null | undefined;
  readonly inside: Changes;
}

function byFirstName(changes: Changes): ReadonlyMap<string, AtName> {
  const found = new Map<string, AtName>();
  for (const [[name = '', ...rest], entry] of changes) {
    const at = found.get(name) ?? { file: undefined, inside: [] };
    found.set(name, at);
    if (rest.length === 0) at.file = entry;
    else at.inside.push([rest, entry]);
  }
  return found;
}

/** `<mode> <name>\0<id in bytes>` for each, in git's order: a folder is sorted as if its name ended with a slash. */
function formatTree(entries: readonly TreeEntry[]): Buffer {
  const lines = entries.map(({ name, mode, id }) => {
    const bytes = Buffer.from(encodeText(name));
    const key = mode === FOLDER_MODE ? Buffer.concat([bytes, Buffer.from('/')]) : bytes;
    const start = Buffer.from(`${mode.replace(/^0/, '')} `);
    return { key, line: Buffer.concat([start, bytes, Buffer.of(0), Buffer.from(id, 'hex')]) };
  });
  return Buffer.concat(lines.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ line }) => line));
}
