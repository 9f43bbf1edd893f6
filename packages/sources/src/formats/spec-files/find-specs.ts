import { join, sep } from 'node:path';
import type { Diagnostic } from '@pwt/core';
import { matches, tryParsePattern } from '@pwt/scope';
import { isBackup, isSpecFolder, isTemplate, type SpecPath, specPathOf } from '@pwt/separator';
import type { SpecFileSystem } from '../../spec-file-system.js';

/** Where specs usually are. `.` is the root itself without its folders. */
export const defaultSpecGlobs: readonly string[] = ['docs/architecture/specs', 'docs/specs', 'specs', '.'];

export interface FoundSpecs {
  /** In the order of their paths. */
  readonly specs: readonly SpecPath[];
  readonly diagnostics: readonly Diagnostic[];
}

const skippedFolders = new Set(['node_modules', '.git', '.hg', '.svn']);
const WILDCARD = /[*?[{\\]/;

/** Where one glob starts, and which paths below are meant. */
interface Search {
  readonly folder: string;
  readonly deep: boolean;
  readonly includes: (path: string) => boolean;
}

/** Finds the spec files below `root` that the globs cover; reads every folder once and no file. */
export async function findSpecs(
  root: string,
  globs: readonly string[],
  fs: SpecFileSystem,
): Promise<FoundSpecs> {
  const walk = new SpecWalk(root, await fs.realPath(root), fs);
  for (const glob of globs) {
    const search = searchFor(glob);
    if ('code' in search) walk.diagnostics.push(search);
    else await walk.run(search);
  }
  return {
    specs: [...walk.specs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    diagnostics: walk.diagnostics,
  };
}

function searchFor(glob: string): Search | Diagnostic {
  const plain = glob.replace(/^(?:\.\/)+(?=.)/, '').replace(/\/+$/, '');
  if (plain === '.' || plain === '') return { folder: '', deep: false, includes: () => true };
  const parsed = tryParsePattern(plain);
  if (!parsed.ok) {
    return {
      code: parsed.error.code,
      severity: 'error',
      message: `The spec glob "${glob}" is not usable: ${parsed.error.message}`,
    };
  }
  const isFile = /\.(?:md|markdown)$/i.test(plain);
  if (!WILDCARD.test(plain) && !isFile) return { folder: plain, deep: true, includes: () => true };
  const names = plain.split('/');
  const wild = names.findIndex((name) => WILDCARD.test(name));
  const below = tryParsePattern(`${plain}/**`);
  const includes = (path: string) =>
    matches(parsed.pattern, path) || (below.ok && matches(below.pattern, path));
  return { folder: names.slice(0, wild < 0 ? -1 : wild).join('/'), deep: true, includes };
}

class SpecWalk {
  readonly specs = new Map<string, SpecPath>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #root: string;
  readonly #realRoot: string;
  readonly #fs: SpecFileSystem;

  constructor(root: string, realRoot: string, fs: SpecFileSystem) {
    this.#root = root;
    this.#realRoot = realRoot;
    this.#fs = fs;
  }

  async run(search: Search): Promise<void> {
    if (search.folder !== '' && !(await this.#staysInside(search.folder))) return;
    await this.#folder(search.folder, search);
  }

  async #folder(folder: string, search: Search): Promise<void> {
    const entries = await this.#list(folder);
    for (const { name, kind } of entries) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'folder') {
        if (this.#enters(name, search)) await this.#folder(path, { ...search, deep: true });
        continue;
      }
      const spec = kind === 'other' ? undefined : specPathOf(path);
      if (!spec || !search.includes(path) || this.specs.has(path)) continue;
      if (kind === 'link' && !(await this.#staysInside(path))) continue;
      this.specs.set(path, spec);
    }
  }

  #enters(name: string, search: Search): boolean {
    if (skippedFolders.has(name) || name.startsWith('.') || isTemplate(name) || isBackup(name)) return false;
    return search.deep || isSpecFolder(name);
  }

  /** A folder that is not there holds no specs; one that can't be read is reported. */
  async #list(folder: string): ReturnType<SpecFileSystem['list']> {
    try {
      return await this.#fs.list(join(this.#root, folder));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        this.#report('PWT_SPEC_UNREADABLE', folder, `can't be read: ${message}`);
      return [];
    }
  }

  async #staysInside(path: string): Promise<boolean> {
    let real: string;
    try {
      real = await this.#fs.realPath(join(this.#root, path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // A folder of the default globs need not exist; a spec that is a dangling link is a mistake.
      if (code !== 'ENOENT' || specPathOf(path))
        this.#report('PWT_SPEC_UNREADABLE', path, `can't be read: ${message}`);
      return false;
    }
    if (real === this.#realRoot || real.startsWith(this.#realRoot + sep)) return true;
    this.#report(
      'PWT_SPEC_OUTSIDE',
      path,
      'is a symbolic link that leads out of the repository; it is not read.',
    );
    return false;
  }

  #report(code: Diagnostic['code'], file: string, what: string): void {
    this.diagnostics.push({
      code,
      severity: 'error',
      message: `"${file || '.'}" ${what}`,
      file: file || '.',
    });
  }
}
