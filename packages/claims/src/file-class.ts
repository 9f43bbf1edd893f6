import type { ClaimClass } from '@pwt/core';

const lockfiles = new Set(
  (
    'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock bun.lockb deno.lock poetry.lock uv.lock ' +
    'pdm.lock pipfile.lock cargo.lock go.sum gemfile.lock composer.lock podfile.lock pubspec.lock mix.lock flake.lock ' +
    'packages.lock.json gradle.lockfile'
  ).split(' '),
);
const CHANGELOG = /^(?:changelog|changes|history|news|release-?notes|releases)(?:\.(?:md|rst|txt|adoc))?$/i;

/** The class of a claim on this path, by the name of the file. Patterns with wildcards are always exclusive. */
export function classOf(path: string): ClaimClass {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/[*?{[]/.test(path)) return 'exclusive';
  if (lockfiles.has(name.toLowerCase()) || name.endsWith('.snap')) return 'regenerate';
  return CHANGELOG.test(name) ? 'append' : 'exclusive';
}
