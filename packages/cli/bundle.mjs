// Bundles the command line: one entry, a chunk per command, so that only what a command needs is read.
import { rm } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The build of `yaml` that is made of modules: the one for Node is CommonJS, of which nothing can be left out and all is
 * run at once.
 *
 * @type {import('esbuild').Plugin}
 */
const yamlModules = {
  name: 'yaml-modules',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, async ({ path, ...from }) => {
      if (from.pluginData === yamlModules) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: yamlModules });
      return { path: found.path.replace(`${sep}dist${sep}`, `${sep}browser${sep}`) };
    });
  },
};

/**
 * The same for `isomorphic-git`, whose build of modules is beside the other one.
 *
 * @type {import('esbuild').Plugin}
 */
const isomorphicGitModules = {
  name: 'isomorphic-git-modules',
  setup(build) {
    build.onResolve({ filter: /^isomorphic-git$/ }, async ({ path, ...from }) => {
      if (from.pluginData === isomorphicGitModules) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: isomorphicGitModules });
      return { path: found.path.replace(/\.cjs$/, '.js') };
    });
  },
};

const outdir = fileURLToPath(new URL('./bundle/', import.meta.url));

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { pwt: fileURLToPath(new URL('./dist/bin.js', import.meta.url)) },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  // Less to read at every start; names stay as they are, for the stack traces of bug reports.
  minifyWhitespace: true,
  // Loaded rarely, and not made for bundling: jiti finds its own files, the other requires as it goes.
  external: ['jiti', 'systeminformation'],
  plugins: [yamlModules, isomorphicGitModules],
  // CommonJS packages in the bundle ask for Node's own modules with require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
