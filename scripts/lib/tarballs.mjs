import { join } from 'node:path';
import { publicPackages, ROOT } from './workspace.mjs';

/** Where `checks/pack.mjs` leaves the tarballs for the checks that follow it. */
export const TARBALLS = join(ROOT, 'node_modules/.cache/pwt/tarballs');

/**
 * The path of a package's tarball, named as npm and pnpm name it.
 *
 * @param {import('./workspace.mjs').WorkspacePackage} pkg
 */
export function tarballOf({ manifest: { name, version } }) {
  return join(TARBALLS, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
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
