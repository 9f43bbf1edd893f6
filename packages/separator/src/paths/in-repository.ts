import type { FileTree } from '@pwt/scope';

/** What is known of the checkout that paths are read for. */
export interface Checkout {
  readonly tree: FileTree;
  /** Absolute. */
  readonly root?: string | undefined;
}

/** Where operating systems keep their own files; no checkout is there. */
const SYSTEM = new Set([
  'etc',
  'usr',
  'var',
  'bin',
  'sbin',
  'dev',
  'proc',
  'sys',
  'lib',
  'lib64',
  'boot',
  'run',
]);
/** Below these, files are installed, configured or cached, also if a folder has the name of the repository. */
const INSTALLED =
  /^(?:\.(?!\.?$).+|node_modules|site-packages|dist-packages|AppData|Library|Program Files.*)$/;
/** A file in two folders is known by its names alone. */
const TELLING_NAMES = 3;

/**
 * The path from the root that a path from elsewhere means: one below the checkout itself; one of another machine, below a
 * folder with the name of the checkout, in a folder that is tracked; or one that ends in the names of a tracked file in at
 * least two folders; or one from `/` that is there from the root of the repository. `undefined` for all others.
 */
export function pathInRepository(text: string, checkout: Checkout): string | undefined {
  const path = text.replaceAll('\\', '/');
  const { root, tree } = checkout;
  if (root !== undefined && path.startsWith(`${root}/`))
    return cleanTail(path.slice(root.length + 1).split('/'));
  const names = path.split('/').filter((name, at) => name !== '' || at === 0);
  if (names[0] === '' && SYSTEM.has(names[1] ?? '')) return undefined;
  return belowNamesake(names, checkout) ?? endingOf(names, tree) ?? fromTop(names, tree);
}

/** `/src/a.ts` where the root of the repository is meant: a tracked file, or a new one in a tracked folder. */
function fromTop([first, ...names]: readonly string[], tree: FileTree): string | undefined {
  if (first !== '' || names.length === 0) return undefined;
  const path = withoutPosition(names.join('/'));
  const isThere = tree.has(path) || (names.length > 1 && tree.hasDirectory(names.slice(0, -1).join('/')));
  return isThere ? cleanTail(path.split('/')) : undefined;
}

/** The part below a folder that is named as the checkout is. */
function belowNamesake(names: readonly string[], { tree, root }: Checkout): string | undefined {
  const own = root === undefined ? undefined : nameOf(root);
  if (own === undefined) return undefined;
  for (const [at, name] of names.entries()) {
    if (INSTALLED.test(name)) return undefined;
    if (name.toLowerCase() !== own || (names[0] === '..' && at !== 1)) continue;
    const tail = names.slice(at + 1);
    const [top = ''] = tail;
    if (tree.has(tail.join('/')) || (tail.length > 1 && tree.hasDirectory(top))) return cleanTail(tail);
  }
  return undefined;
}

function endingOf(names: readonly string[], tree: FileTree): string | undefined {
  for (let at = 1; at <= names.length - TELLING_NAMES; at += 1) {
    if (INSTALLED.test(names[at - 1] as string)) return undefined;
    const tail = withoutPosition(names.slice(at).join('/'));
    if (tree.has(tail)) return tail;
  }
  return undefined;
}

/** Takes the number of a line off the end. */
function withoutPosition(path: string): string {
  return path.replace(/:\d+(?:[-:]\d+)?$/, '');
}

function cleanTail(names: readonly string[]): string | undefined {
  return names.includes('..') || names.includes('.git') ? undefined : names.join('/');
}

function nameOf(root: string): string {
  const path = root.replaceAll('\\', '/').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
