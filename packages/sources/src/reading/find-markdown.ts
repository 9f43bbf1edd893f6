import type { Diagnostic } from '@pwt/core';
import { matches, tryParsePattern } from '@pwt/scope';
import { below, type Checkout } from '../checkout.js';

/** Markdown files, with the folder that the search for each began in. */
export interface FoundMarkdown {
  readonly files: readonly { readonly path: string; readonly searched: string }[];
  /** Globs that can't be used. */
  readonly diagnostics: readonly Diagnostic[];
}

const SKIPPED = new Set(['node_modules', 'vendor', 'dist', 'build']);
const MARKDOWN = /\.(?:md|markdown)$/i;
const WILDCARD = /[*?[{\\]/;

/** The Markdown files that globs cover; a glob without a wildcard that names no Markdown file is a folder with all below it. */
export async function findMarkdown(globs: readonly string[], checkout: Checkout): Promise<FoundMarkdown> {
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const glob of globs) {
    const plain = glob.replace(/^(?:\.\/)+(?=.)/, '').replace(/\/+$/, '');
    const isFolder = !WILDCARD.test(plain) && !MARKDOWN.test(plain);
    const parsed = tryParsePattern(isFolder ? `${plain}/**` : plain);
    if (!parsed.ok) {
      const message = `The glob "${glob}" is not usable: ${parsed.error.message}`;
      diagnostics.push({ code: parsed.error.code, severity: 'error', message });
      continue;
    }
    const names = plain.split('/');
    const wild = names.findIndex((name) => WILDCARD.test(name));
    const folder = isFolder ? plain : names.slice(0, wild < 0 ? -1 : wild).join('/');
    for (const path of await markdownIn(folder, checkout))
      if (matches(parsed.pattern, path) && !files.has(path)) files.set(path, folder);
  }
  const sorted = [...files].map(([path, searched]) => ({ path, searched }));
  return { files: sorted.sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };
}

async function markdownIn(folder: string, checkout: Checkout): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, kind } of await checkout.entries(folder)) {
    const path = below(folder, name);
    if (kind === 'folder' && !SKIPPED.has(name) && !name.startsWith('.'))
      found.push(...(await markdownIn(path, checkout)));
    else if (kind !== 'folder' && kind !== 'other' && MARKDOWN.test(name)) found.push(path);
  }
  return found;
}
