import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The names of all packages that installing a package brings along, itself included.
 *
 * Reads what is declared, not what is imported, so nothing hides behind a lazy `import()`.
 *
 * @param {string} name
 * @param {string} from The directory of the one who depends on it.
 * @param {Set<string>} [found]
 * @returns {Set<string>}
 */
export function dependencyClosure(name, from, found = new Set()) {
  if (found.has(name)) return found;
  const directory = packageDirectory(name, from);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  found.add(name);
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const dependency of Object.keys(needed)) dependencyClosure(dependency, directory, found);
  return found;
}

/**
 * Where Node finds a package: the nearest `node_modules` upwards that holds it.
 *
 * @param {string} name
 * @param {string} from
 * @returns {string}
 */
function packageDirectory(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (at === dirname(at)) throw new Error(`${name} is not installed for ${from}`);
  }
}
