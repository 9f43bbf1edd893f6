import { encodeText } from '../byte-text.js';
import type { Git } from '../git.js';
import { type ObjectReader, objectsOf } from './object-reader.js';
import { FOLDER_MODE, readTree, type TreeEntry } from './tree-entries.js';
import { writeObject } from './write-object.js';

/** What a tree has at a path. `blocked`: a part of the path before its last one is no folder; `entry` is that one. */
export type AtPath =
  | { readonly status: 'nothing' }
  | { readonly status: 'found' | 'blocked'; readonly entry: TreeEntry };

/** Looks a path up in a tree, by full id. */
export async function entryAt(objects: ObjectReader, tree: string, path: string): Promise<AtPath> {
  const parts = path.split('/');
  let folder = tree;
  for (const [index, part] of parts.entries()) {
    const entry = (await readTree(objects, folder)).get(part);
    if (entry === undefined) return { status: 'nothing' };
    if (index === parts.length - 1) return { status: 'found', entry };
    if (entry.mode !== FOLDER_MODE) return { status: 'blocked', entry };
    folder = entry.id;
  }
  return { status: 'nothing' };
}

/** A file for {@link withFiles}. */
export interface TreeFileContent {
  /** A blob, by full id. */
  readonly id: string;
  /** In octal, six digits. */
  readonly mode: string;
}

/**
 * A tree with other files at some paths, by full id. What is at such a path is replaced, whatever it is; folders are made. Only
 * folders on the way to these paths are read and written.
 */
export async function withFiles(
  git: Git,
  tree: string,
  files: ReadonlyMap<string, TreeFileContent>,
): Promise<string> {
  return files.size === 0 ? tree : folderWith(git, tree, [...files]);
}

async function folderWith(
  git: Git,
  folder: string | undefined,
  files: readonly (readonly [path: string, content: TreeFileContent])[],
): Promise<string> {
  const entries = new Map(folder === undefined ? [] : await readTree(objectsOf(git), folder));
  const below = new Map<string, (readonly [string, TreeFileContent])[]>();
  for (const [path, content] of files) {
    const slash = path.indexOf('/');
    if (slash === -1) entries.set(path, { name: path, ...content });
    else {
      const name = path.slice(0, slash);
      below.set(name, [...(below.get(name) ?? []), [path.slice(slash + 1), content]]);
    }
  }
  for (const [name, inside] of below) {
    const old = entries.get(name);
    const id = await folderWith(git, old?.mode === FOLDER_MODE ? old.id : undefined, inside);
    entries.set(name, { name, mode: FOLDER_MODE, id });
  }
  return writeObject(git, 'tree', treeObject([...entries.values()]));
}

/** `<mode> <name>\0<id in bytes>` for each, in git's order: by their bytes, folders as if a slash followed. */
function treeObject(entries: readonly TreeEntry[]): Buffer {
  const named = entries.map((entry) => {
    const name = Buffer.from(encodeText(entry.name));
    const key = entry.mode === FOLDER_MODE ? Buffer.concat([name, Buffer.from('/')]) : name;
    return { entry, name, key };
  });
  named.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    named.flatMap(({ entry: { mode, id }, name }) => [
      Buffer.from(`${mode.replace(/^0+/, '')} `),
      name,
      Buffer.of(0),
      Buffer.from(id, 'hex'),
    ]),
  );
}
