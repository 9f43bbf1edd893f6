import { below, type Checkout, isFile } from '../../checkout.js';
import { distinct, nameForId } from '../../names.js';

/** A change that is not archived. */
export interface Change {
  /** Its id. */
  readonly name: string;
  readonly folder: string;
  /** Absent while the change is only proposed. */
  readonly list?: string;
  readonly proposal?: string;
  /** What is to be read beside these: its design and its deltas, and the project's own description. */
  readonly documents: readonly string[];
}

export interface ArchivedChange {
  readonly name: string;
  readonly folder: string;
}

const LIST = 'tasks.md';
const ARCHIVE = 'archive';
/** `2026-01-31-add-login` */
const DATED = /^\d{4}-\d{2}-\d{2}-/;
/** Deltas lie in folders of their own, which may be nested: `specs/user/auth/spec.md`. */
const DELTA_DEPTH = 4;

/** The changes below `openspec/changes`, by name, and those in its archive. */
export async function findChanges(
  checkout: Checkout,
  roots: readonly string[],
): Promise<{ readonly changes: readonly Change[]; readonly archived: readonly ArchivedChange[] }> {
  const changes: Change[] = [];
  const archived: ArchivedChange[] = [];
  for (const root of roots) {
    const parent = `${root}/changes`;
    for (const name of await checkout.folders(parent)) {
      if (name !== ARCHIVE) changes.push(await changeAt(checkout, root, `${parent}/${name}`, name));
    }
    for (const name of await checkout.folders(`${parent}/${ARCHIVE}`))
      archived.push({ name: name.replace(DATED, ''), folder: `${parent}/${ARCHIVE}/${name}` });
  }
  const used = changes.filter(({ list, proposal }) => list ?? proposal);
  const names = distinct(used.map(({ name }) => nameForId(name, 'change')));
  return { changes: used.map((change, at) => ({ ...change, name: names[at] ?? change.name })), archived };
}

async function changeAt(checkout: Checkout, root: string, folder: string, name: string): Promise<Change> {
  const there = async (path: string) => ((await checkout.has(path)) ? path : undefined);
  const list = await there(`${folder}/${LIST}`);
  const proposal = await there(`${folder}/proposal.md`);
  const design = await there(`${folder}/design.md`);
  const project = await there(`${root}/project.md`);
  const deltas = await specsIn(checkout, `${folder}/specs`, DELTA_DEPTH);
  return {
    ...{ name, folder },
    ...(list === undefined ? {} : { list }),
    ...(proposal === undefined ? {} : { proposal }),
    documents: [design, ...deltas, project].filter((path) => path !== undefined),
  };
}

async function specsIn(checkout: Checkout, folder: string, depth: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await checkout.entries(folder)) {
    const path = below(folder, entry.name);
    if (entry.kind === 'folder' && depth > 0) found.push(...(await specsIn(checkout, path, depth - 1)));
    else if (isFile(entry) && entry.name.endsWith('.md')) found.push(path);
  }
  return found;
}
