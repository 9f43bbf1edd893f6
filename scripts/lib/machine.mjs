import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { requirements } from './requirements.mjs';

/** Exit code for "this machine cannot do it", the same as the CLI's. */
const EXIT_ENVIRONMENT = 3;

const OLDEST_NODE = requirements().node;

/**
 * What is wrong with the machine, as a sentence with the next step, or `undefined`.
 *
 * @param {{platform?: string, nodeVersion?: string, npmCache?: string}} [machine]
 * @returns {string | undefined}
 */
export function machineProblem({
  platform = process.platform,
  nodeVersion = process.versions.node,
  npmCache = npmCacheFolder(),
} = {}) {
  if (platform === 'win32') {
    return 'pwt needs Linux or macOS. On Windows, use WSL: run `wsl --install`, then clone and run this there.';
  }
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return `Node ${nodeVersion} is too old: install Node ${OLDEST_NODE} or newer (22 or 24 is recommended).`;
  }
  if (npmCache === '') {
    return 'npm has no folder for its cache: set HOME to your home directory, or npm_config_cache to any folder of yours.';
  }
  if (!isWritable(npmCache)) {
    return `npm cannot write its cache, ${npmCache}: make it writable, or set npm_config_cache to a folder that is.`;
  }
  return undefined;
}

/** Ends the process with a clear message where {@link machineProblem} finds one. */
export function requireUsableMachine() {
  const problem = machineProblem();
  if (problem === undefined) return;
  console.error(problem);
  process.exit(EXIT_ENVIRONMENT);
}

/** npm exports its cache folder to the scripts that it runs; its default is `~/.npm`. Empty where there is no home. */
function npmCacheFolder() {
  if (process.env.npm_config_cache) return process.env.npm_config_cache;
  const home = process.env.HOME ?? homedir();
  return home === '' ? '' : join(home, '.npm');
}

/**
 * Whether the folder, or else the nearest folder above it that exists, may be written.
 *
 * @param {string} folder
 */
function isWritable(folder) {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
