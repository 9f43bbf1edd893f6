import { sep } from 'node:path';
// @boundaries-ignore the bundle is made of the sources of all packages, as the tests are
import { sourceEntries } from '../../scripts/lib/source-entries.mjs';

/**
 * Takes the packages of this workspace from their sources: no compiler has to have run.
 *
 * @type {import('esbuild').Plugin}
 */
const workspaceSources = {
  name: 'workspace-sources',
  setup({ onResolve }) {
    for (const { find, replacement } of sourceEntries())
      onResolve({ filter: find }, () => ({ path: replacement }));
  },
};

/**
 * Takes another file of a package than the one that Node would take.
 *
 * @param {string} name
 * @param {(path: string) => string} change
 * @returns {import('esbuild').Plugin}
 */
function otherBuild(name, change) {
  const own = Symbol(name);
  return {
    name: `other-build-of-${name}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, async ({ path, ...from }) => {
        if (from.pluginData === own) return undefined;
        const found = await build.resolve(path, { ...from, pluginData: own });
        return found.errors.length > 0 ? found : { path: change(found.path) };
      });
    },
  };
}

/**
 * How the command line becomes a program that needs nothing but Node and git: one entry, and a chunk for what only some
 * commands need, so that only that is read.
 *
 * @type {import('esbuild').BuildOptions}
 */
export const bundling = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Builds that are made of modules: of CommonJS, nothing can be left out and all is run at once.
  mainFields: ['module', 'main'],
  plugins: [
    workspaceSources,
    // The same for those whose `exports` name another build for Node.
    otherBuild('yaml', (path) => path.replace(`${sep}dist${sep}`, `${sep}browser${sep}`)),
    // The one that asks for no native part.
    otherBuild('msgpackr', (path) => path.replace(/node-index\.js$/, 'index.js')),
    otherBuild('isomorphic-git', (path) => path.replace(/\.cjs$/, '.js')),
    // The build that imports its compiler; the other one looks for the file beside itself.
    otherBuild('jiti', (path) => path.replace(/jiti\.mjs$/, 'jiti-static.mjs')),
  ],
  // CommonJS packages in the bundle ask for Node's own modules with require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};
