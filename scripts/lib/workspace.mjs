import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [engines]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder Relative to the root, for example `packages/core`.
 * @property {string} directory Absolute.
 * @property {Manifest} manifest
 */

/**
 * The packages of the workspace, by folder.
 *
 * @param {{root?: string, groups?: readonly string[]}} [options]
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages({ root = ROOT, groups = ['packages', 'plugins', 'examples'] } = {}) {
  return groups
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({
      folder,
      directory: join(root, folder),
      manifest: readJson(join(root, folder, 'package.json')),
    }));
}

/**
 * The packages that are published.
 *
 * @returns {WorkspacePackage[]}
 */
export function publicPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

/**
 * Whether a package promises to need nothing of Node's: its tag says so, and the boundaries check keeps the promise.
 *
 * @param {WorkspacePackage} pkg
 */
export function isPure({ directory }) {
  /** @type {string[]} */
  const tags = readJson(join(directory, 'turbo.json')).tags ?? [];
  return tags.some((tag) => tag === 'core' || tag === 'pure');
}

/** @param {string} path */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * Every file below a folder whose name the filter accepts, as absolute paths, built and installed files left out.
 *
 * @param {string} directory
 * @param {(name: string) => boolean} accepts
 * @returns {string[]}
 */
export function filesBelow(directory, accepts) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) return entry.isFile() && accepts(entry.name) ? [path] : [];
    return ['node_modules', 'dist', '.turbo'].includes(entry.name) ? [] : filesBelow(path, accepts);
  });
}
