import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readJson } from './workspace.mjs';

/**
 * Whether npm runs `npm install` in its own clone of this repository, as it does before it asks for the package.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function isInstallInClone(env) {
  return env._PACOTE_NO_PREPARE_ !== undefined;
}

/**
 * With `--global`, the `npm install` in the clone is global too: it links the clone, which is removed soon, to the place
 * in which the package is installed afterwards, and the package would be unpacked into the clone
 * (https://github.com/npm/cli/issues/6984). Makes that place an empty folder again.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [root] the clone
 */
export function giveBackGlobalPlace({ npm_config_global, npm_config_global_prefix: prefix }, root = ROOT) {
  if (npm_config_global !== 'true' || prefix === undefined) return;
  const place = join(prefix, 'lib', 'node_modules', readJson(join(root, 'package.json')).name);
  if (!leadsTo(place, root)) return;
  rmSync(place);
  mkdirSync(place);
}

/**
 * @param {string} path
 * @param {string} target
 */
function leadsTo(path, target) {
  try {
    return realpathSync(path) === realpathSync(target);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return false;
    throw error;
  }
}
