import type { Git } from '../git.js';
import { type ObjectReader, objectsOf } from './object-reader.js';
import { FOLDER_MODE, readTree } from './tree-entries.js';

/** A `.gitattributes` in a tree. */
export interface AttributeFile {
  /** From the top of the tree. */
  readonly path: string;
  readonly id: string;
}

const NONE: readonly AttributeFile[] = [];

/**
 * The `.gitattributes` of trees. What a folder holds is remembered by the id of its tree, which says everything that is
 * in it: of a tree that differs in a few files, only their folders are read.
 */
class AttributeFiles {
  readonly #objects: ObjectReader;
  readonly #known = new Map<string, readonly AttributeFile[]>();

  constructor(objects: ObjectReader) {
    this.#objects = objects;
  }

  async find(tree: string): Promise<readonly AttributeFile[]> {
    const known = this.#known.get(tree);
    if (known !== undefined) return known;
    const entries = [...(await readTree(this.#objects, tree)).values()];
    const found = await Promise.all(
      entries.map(async ({ name, mode, id }) => {
        if (mode === FOLDER_MODE) {
          const inside = await this.find(id);
          return inside.map((file) => ({ ...file, path: `${name}/${file.path}` }));
        }
        // git follows no symbolic link to attributes.
        return name === '.gitattributes' && mode.startsWith('100') ? [{ path: name, id }] : NONE;
      }),
    );
    const files = found.flat();
    this.#known.set(tree, files.length === 0 ? NONE : files);
    return files;
  }
}

const finders = new WeakMap<Git, AttributeFiles>();

/** The `.gitattributes` in a tree, by full id. */
export async function attributeFilesIn(git: Git, tree: string): Promise<readonly AttributeFile[]> {
  const known = finders.get(git) ?? new AttributeFiles(objectsOf(git));
  finders.set(git, known);
  return known.find(tree);
}
