import { join } from 'node:path';
import { publicPackages, ROOT, readJson } from './workspace.mjs';

/** Where CI keeps its tarballs, for the checks that look into them. */
export const TARBALLS = join(ROOT, 'node_modules/.cache/pwt/tarballs');

/** The folder of the libraries' tarballs, beside the program's. */
export const LIBRARIES = 'pwt-packages';

/**
 * The tarball of the program, in which all is that it needs.
 *
 * @param {string} [folder]
 */
export function programTarball(folder = TARBALLS) {
  return join(folder, `pwt-${readJson(join(ROOT, 'package.json')).version}.tgz`);
}

/**
 * The path of a package's tarball, named as npm and pnpm name it.
 *
 * @param {import('./workspace.mjs').WorkspacePackage} pkg
 * @param {string} [folder]
 */
export function tarballOf({ manifest: { name, version } }, folder = TARBALLS) {
  return join(folder, LIBRARIES, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

/**
 * A package and the packages of this workspace that it needs to run, directly or not.
 *
 * @param {import('./workspace.mjs').WorkspacePackage} pkg
 * @param {readonly import('./workspace.mjs').WorkspacePackage[]} [all]
 * @returns {import('./workspace.mjs').WorkspacePackage[]}
 */
export function withWorkspaceDependencies(pkg, all = publicPackages()) {
  const found = new Set([pkg]);
  for (const member of found) {
    const { dependencies, peerDependencies } = member.manifest;
    const names = Object.keys({ ...dependencies, ...peerDependencies });
    for (const needed of all.filter(({ manifest }) => names.includes(manifest.name))) found.add(needed);
  }
  return [...found];
}
