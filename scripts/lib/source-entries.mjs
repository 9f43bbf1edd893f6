import { join } from 'node:path';
import { workspacePackages } from './workspace.mjs';

/**
 * Maps each entry point of each workspace package (`@pwt/core`, `@pwt/default/settings`) to its source, so that
 * tests need no build: `./dist/settings.js` in the manifest's `exports` comes from `src/settings.ts`.
 *
 * @returns {{find: RegExp, replacement: string}[]}
 */
export function sourceEntries() {
  return workspacePackages({ groups: ['packages', 'plugins'] }).flatMap(({ directory, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
      const built = typeof target === 'string' ? target : target.default;
      if (!built?.startsWith('./dist/')) return [];
      const name = manifest.name + subpath.slice(1);
      return [
        {
          find: new RegExp(`^${name}$`),
          replacement: join(directory, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
        },
      ];
    }),
  );
}
