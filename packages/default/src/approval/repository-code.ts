import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';

/** A module of the repository's that pwt would run, with what it imports from there. */
export interface RepositoryCode {
  readonly kind: 'config' | 'plugin';
  /** Absolute. */
  readonly file: string;
  /** What is approved: the path from the root, and a hash over the content of every file. */
  readonly text: string;
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/** Imports by a path, in all their forms: `from './x'`, `import './x'`, `import('./x')`, `require('./x')`. */
const PATH_IMPORTS =
  /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"`])(\.{1,2}\/[^'"`\n]*|\.{1,2}|\/[^'"`\n]*)\1/g;

/**
 * Reads a module and every file that it reaches by imports of paths. Nothing is run.
 *
 * Not looked into are packages: what is in `node_modules` is the user's own install. An import whose path is only
 * worked out when the code runs, or that goes through `imports` of package.json, is not seen either.
 */
export async function readCode(
  kind: RepositoryCode['kind'],
  file: string,
  root: string,
): Promise<RepositoryCode> {
  const top = await realpath(root);
  const contents = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (contents.has(path)) return;
    const content = await readFile(path, 'utf8');
    contents.set(path, content);
    if (extname(path) === '.json') return;
    for (const [, , target = ''] of content.matchAll(PATH_IMPORTS)) {
      const found = await resolveImport(dirname(path), target);
      if (found !== undefined && !found.split('/').includes('node_modules')) await visit(found);
    }
  };
  await visit(await realpath(file));
  const hash = createHash('sha256');
  for (const path of [...contents.keys()].sort()) {
    hash.update(`${relative(top, path)}\0${contents.get(path) ?? ''}\0`);
  }
  const others = [...contents.keys()].slice(1).map((path) => relative(top, path));
  const also = others.length === 0 ? '' : ` with ${others.sort().join(', ')}`;
  return { kind, file, text: `${nameOf(top, await realpath(file))}${also} (sha256 ${hash.digest('hex')})` };
}

/** True for a module that comes out of the repository, and not out of an installed package. */
export async function isRepositoryCode(file: string, root: string): Promise<boolean> {
  const path = relative(await realpath(root), await realpath(file));
  return !path.startsWith('..') && !isAbsolute(path) && !path.split('/').includes('node_modules');
}

async function resolveImport(folder: string, target: string): Promise<string | undefined> {
  const path = resolve(folder, target.replace(/[?#].*$/, ''));
  // TypeScript writes `./x.js` for `./x.ts`.
  const stem = path.replace(/\.([cm]?)js$/, '.$1ts');
  const candidates = [
    ...[path, stem],
    ...EXTENSIONS.map((extension) => `${path}${extension}`),
    ...EXTENSIONS.map((extension) => join(path, `index${extension}`)),
  ];
  for (const candidate of candidates) {
    const found = await realpath(candidate).catch(() => undefined);
    if (found !== undefined && (await isText(found))) return found;
  }
  return undefined;
}

async function isText(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

function nameOf(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') ? file : path;
}
