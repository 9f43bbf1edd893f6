import type { Diagnostic } from '@pwt/core';
import { matches, tryParsePattern } from '@pwt/scope';
import { isPassedOver, isSpecFolder, type SpecPath, specPathOf } from '@pwt/separator';
import { below, type Checkout } from '../../checkout.js';

/** Where specs usually are. `.` is the root itself without its folders. */
export const defaultSpecGlobs: readonly string[] = ['docs/architecture/specs', 'docs/specs', 'specs', '.'];

/** A spec file, with the folder that the search for it began in. */
export interface FoundSpec extends SpecPath {
  readonly searched: string;
}

export interface FoundSpecs {
  /** In the order of their paths. */
  readonly specs: readonly FoundSpec[];
  /** Globs that can't be used. */
  readonly diagnostics: readonly Diagnostic[];
}

const skippedFolders = new Set(['node_modules', '.git', '.hg', '.svn']);
const WILDCARD = /[*?[{\\]/;

/** Where one glob starts, and which paths below are meant. */
interface Search {
  readonly folder: string;
  /** The folder that the whole search begins in. */
  readonly from: string;
  readonly deep: boolean;
  readonly includes: (path: string) => boolean;
}

/** Finds the spec files that the globs cover; lists every folder once and reads no file. */
export async function findSpecs(globs: readonly string[], checkout: Checkout): Promise<FoundSpecs> {
  const specs = new Map<string, FoundSpec>();
  const diagnostics: Diagnostic[] = [];
  for (const glob of globs) {
    const search = searchFor(glob);
    if ('code' in search) diagnostics.push(search);
    else await searchFolder(search.folder, search, checkout, specs);
  }
  return { specs: [...specs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };
}

async function searchFolder(
  folder: string,
  search: Search,
  checkout: Checkout,
  specs: Map<string, FoundSpec>,
): Promise<void> {
  for (const { name, kind } of await checkout.entries(folder)) {
    const path = below(folder, name);
    if (kind === 'folder') {
      if (enters(name, search)) await searchFolder(path, { ...search, deep: true }, checkout, specs);
      continue;
    }
    const spec = kind === 'other' ? undefined : specPathOf(path);
    if (spec && search.includes(path)) specs.set(path, { ...spec, searched: search.from });
  }
}

function enters(name: string, search: Search): boolean {
  if (skippedFolders.has(name) || name.startsWith('.') || isPassedOver(name)) return false;
  // At the root, a folder `US-2020-census` is more likely something else.
  return search.deep || (isSpecFolder(name) && /^SPEC-/i.test(name));
}

function searchFor(glob: string): Search | Diagnostic {
  const plain = glob.replace(/^(?:\.\/)+(?=.)/, '').replace(/\/+$/, '');
  if (plain === '.' || plain === '') return { folder: '', from: '', deep: false, includes: () => true };
  const parsed = tryParsePattern(plain);
  if (!parsed.ok) {
    return {
      code: parsed.error.code,
      severity: 'error',
      message: `The spec glob "${glob}" is not usable: ${parsed.error.message}`,
    };
  }
  const isFile = /\.(?:md|markdown)$/i.test(plain);
  if (!WILDCARD.test(plain) && !isFile)
    return { folder: plain, from: plain, deep: true, includes: () => true };
  const names = plain.split('/');
  const wild = names.findIndex((name) => WILDCARD.test(name));
  const inside = tryParsePattern(`${plain}/**`);
  const includes = (path: string) =>
    matches(parsed.pattern, path) || (inside.ok && matches(inside.pattern, path));
  const folder = names.slice(0, wild < 0 ? -1 : wild).join('/');
  return { folder, from: folder, deep: true, includes };
}
