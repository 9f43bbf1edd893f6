import { join } from 'node:path';
import { ROOT, readJson } from './workspace.mjs';

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
