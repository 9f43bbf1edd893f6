/** A file of a made-up history. */
export interface ModelFile {
  readonly mode: '100644' | '100755';
  /** Each line is unique in the history; the first says which file it was made as, and never changes. */
  readonly lines: readonly string[];
}

/** Files by path. */
export type Tree = ReadonlyMap<string, ModelFile>;

/** One change to a tree; numbers choose among what is there. */
export interface Edit {
  readonly kind: 'edit' | 'insert' | 'cut' | 'add' | 'delete' | 'rename' | 'rename-folder' | 'swap' | 'chmod';
  readonly which: number;
  readonly where: number;
}

const FOLDERS = ['', 'a/', 'b/', 'c/d/'];
const NAMES = ['one', 'two', 'three', 'four'];
const PATHS = FOLDERS.flatMap((folder) => NAMES.map((name) => folder + name));
/** So many that a file is still found again after it was renamed and edited a few times. */
const LINES = 20;

/** Gives every line a name of its own. */
export class LineNames {
  #next = 0;

  take(what: string): string {
    this.#next += 1;
    return `${what} ${this.#next} ${'.'.repeat(this.#next % 7)}`;
  }

  file(mode: ModelFile['mode'] = '100644'): ModelFile {
    return { mode, lines: [this.take('file'), ...Array.from({ length: LINES }, () => this.take('line'))] };
  }
}

export function firstTree(names: LineNames, count: number): Tree {
  const files = PATHS.filter((_, index) => index % Math.ceil(PATHS.length / count) === 0);
  return new Map(files.map((path) => [path, names.file()]));
}

/** The tree after a change; the same tree where there is nothing to change. */
export function edited(tree: Tree, { kind, which, where }: Edit, names: LineNames): Tree {
  const next = new Map(tree);
  if (kind === 'add') {
    const path = freePath(tree, where);
    return path === undefined ? tree : next.set(path, names.file());
  }
  const [path, file] = [...tree][which % Math.max(1, tree.size)] ?? [];
  if (path === undefined || file === undefined) return tree;
  const at = 1 + (where % Math.max(1, file.lines.length - 1));
  if (kind === 'edit') return next.set(path, { ...file, lines: file.lines.with(at, names.take('edit')) });
  if (kind === 'insert')
    return next.set(path, { ...file, lines: file.lines.toSpliced(at, 0, names.take('insert')) });
  if (kind === 'cut') return next.set(path, { ...file, lines: file.lines.toSpliced(at, 1) });
  if (kind === 'chmod')
    return next.set(path, { ...file, mode: file.mode === '100644' ? '100755' : '100644' });
  if (kind === 'delete') {
    next.delete(path);
    return next;
  }
  if (kind === 'rename') {
    const target = freePath(tree, where);
    return target === undefined ? tree : moved(tree, new Map([[path, target]]));
  }
  if (kind === 'swap') {
    const other = [...tree.keys()][where % tree.size];
    if (other === undefined || other === path) return tree;
    return moved(
      tree,
      new Map([
        [path, other],
        [other, path],
      ]),
    );
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const renames = [...tree.keys()]
    .filter((one) => folder !== '' && one.startsWith(folder))
    .map((one) => [one, `e${where % 3}/${one.slice(folder.length)}`] as const);
  return renames.some(([, to]) => tree.has(to)) ? tree : moved(tree, new Map(renames));
}

function moved(tree: Tree, renames: ReadonlyMap<string, string>): Tree {
  return new Map([...tree].map(([path, file]) => [renames.get(path) ?? path, file]));
}

function freePath(tree: Tree, where: number): string | undefined {
  const free = PATHS.filter((path) => !tree.has(path));
  return free[where % Math.max(1, free.length)];
}

/** Joins two trees path by path, the first one's way where both have changed a path: what a person may commit. */
export function joinedByHand(base: Tree, ours: Tree, theirs: Tree): Tree {
  const next = new Map(ours);
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    if (!isSame(base.get(path), ours.get(path)) || isSame(base.get(path), theirs.get(path))) continue;
    const file = theirs.get(path);
    if (file === undefined) next.delete(path);
    else next.set(path, file);
  }
  return next;
}

export function isSame(one: ModelFile | undefined, other: ModelFile | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.mode === other.mode && textOf(one) === textOf(other);
}

export function textOf({ lines }: ModelFile): string {
  return lines.map((line) => `${line}\n`).join('');
}
