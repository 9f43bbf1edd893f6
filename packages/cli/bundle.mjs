// Bundles the command line out of the sources.

import { cp, rm } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundling } from './bundling.mjs';

const outdir = fileURLToPath(new URL('./bundle/', import.meta.url));

await rm(outdir, { recursive: true, force: true });
await build({
  ...bundling,
  entryPoints: { pwt: fileURLToPath(new URL('./src/bin.ts', import.meta.url)) },
  outdir,
  minifySyntax: true,
  // Less to read at every start; names stay as they are, for the stack traces of bug reports.
  minifyWhitespace: true,
});

// What `pwt help` shows.
await cp(new URL('../../docs/', import.meta.url), new URL('./bundle/docs/', import.meta.url), {
  recursive: true,
  filter: (path) => !path.includes(`${sep}adr`) && !path.endsWith('benchmarks.md'),
});
