import type { TrackedPaths } from './tracked-paths.js';

/** `@/`, and `#/` of some bundlers: the folder of the sources, in imports. */
const ALIAS = /^[@#]\/(?=[\w[(])/;
/** What an import leaves out. */
const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mjs',
  '.vue',
  '.svelte',
  '/index.ts',
  '/index.tsx',
  '/index.js',
];
/** What the alias stands for: the root of the repository, or the folder of the sources of a package in it. */
const SOURCES = /^(?:.*\/)?(?:src|app|source|client|web|js)\/$|^$/;

/** The one tracked file that an import such as `@/lib/dates` means; `undefined` for an alias of anything else. */
export function aliasedFile(text: string, tree: TrackedPaths): string | undefined {
  if (!ALIAS.test(text) || text.includes('*')) return undefined;
  const path = text.slice(2).replace(/:\d+(?:[-:]\d+)?$/, '');
  const files = ENDINGS.flatMap((ending) =>
    tree
      .endingWith(`${path}${ending}`)
      .filter((file) => SOURCES.test(file.slice(0, -path.length - ending.length))),
  );
  return files.length === 1 ? files[0] : undefined;
}
