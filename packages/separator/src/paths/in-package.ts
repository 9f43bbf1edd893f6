import type { FileTree } from '@pwt/scope';
import type { Resolution } from './resolve.js';

/** Folders whose only purpose is to hold the sources of a package, as it names them. */
const SOURCE_ROOTS = new Set(
  'src lib app source sources main java kotlin scala python go pkg packages apps modules crates'.split(' '),
);
/** A path has no more folders than this that are worth a look. */
const MOST_FOLDERS = 20;
const TEST = /(?:^|[/_.-])(?:tests?|specs?|__tests__)(?:[/_.-]|$)|Tests?\./;

/**
 * A new file whose path starts at a package rather than at the root: `acme/core/new.py` is `src/acme/core/new.py` where
 * that is the one tracked folder with those names. If several have them, all are choices. A lone name has to
 * stand right below the sources: `ui/new.ts` where there is `src/ui`.
 */
export function inPackage(path: string, isDirectory: boolean, tree: FileTree): Resolution | undefined {
  const names = path.split('/');
  if (names.length < 2 || tree.hasDirectory(names[0] as string)) return undefined;
  const most = Math.min(names.length - (isDirectory ? 0 : 1), MOST_FOLDERS);
  for (let count = most; count > 0; count -= 1) {
    const known = tree.foldersEndingIn(names.slice(0, count).join('/'));
    const folders = likely(count > 1 ? known : known.filter(isBelowSources), path);
    const [only] = folders;
    if (only === undefined) continue;
    const rest = names.slice(count);
    const pathIn = (folder: string) => [folder, ...rest].join('/') + (isDirectory ? '/' : '');
    if (folders.length === 1) return { kind: rest.length === 0 ? 'directory' : 'new', path: pathIn(only) };
    const pattern = `**/${path}${isDirectory ? '/' : ''}`;
    return { kind: 'ambiguous', path: pattern, choices: folders.map(pathIn) };
  }
  return undefined;
}

function isBelowSources(folder: string): boolean {
  return SOURCE_ROOTS.has(folder.split('/').at(-2) ?? '');
}

/** Tests lie among tests and everything else does not, where that makes a difference. */
function likely(folders: readonly string[], path: string): readonly string[] {
  if (folders.length < 2) return folders;
  const isTest = TEST.test(path);
  const alike = folders.filter((folder) => TEST.test(folder) === isTest);
  return alike.length > 0 ? alike : folders;
}
