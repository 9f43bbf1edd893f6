import type { FileTree } from '@pwt/scope';

const lockfilesOf: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'package.json',
    ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'],
  ],
  ['deno.json', ['deno.lock']],
  ['pyproject.toml', ['poetry.lock', 'uv.lock', 'pdm.lock']],
  ['Pipfile', ['Pipfile.lock']],
  ['Cargo.toml', ['Cargo.lock']],
  ['go.mod', ['go.sum']],
  ['Gemfile', ['Gemfile.lock']],
  ['composer.json', ['composer.lock']],
  ['pubspec.yaml', ['pubspec.lock']],
  ['mix.exs', ['mix.lock']],
  ['Podfile', ['Podfile.lock']],
  ['flake.nix', ['flake.lock']],
]);

/** The tracked lockfiles that a change of this manifest may rewrite: the nearest ones at or above it. */
export function lockfilesFor(path: string, tree: FileTree): readonly string[] {
  const slash = path.lastIndexOf('/');
  const names = lockfilesOf.get(path.slice(slash + 1));
  if (!names) return [];
  for (let folder = slash < 0 ? '' : path.slice(0, slash); ; folder = parentOf(folder)) {
    const found = names
      .map((name) => (folder === '' ? name : `${folder}/${name}`))
      .filter((lock) => tree.has(lock));
    if (found.length > 0 || folder === '') return found;
  }
}

function parentOf(folder: string): string {
  const slash = folder.lastIndexOf('/');
  return slash < 0 ? '' : folder.slice(0, slash);
}
