// Bundles the command line out of the sources.

import { cp, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundling } from './bundling.mjs';
import { licencesOf } from './licences.mjs';

const outdir = fileURLToPath(new URL('./bundle/', import.meta.url));

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  ...bundling,
  entryPoints: { pwt: fileURLToPath(new URL('./src/bin.ts', import.meta.url)) },
  outdir,
  metafile: true,
  minifySyntax: true,
  // Less to read at every start; names stay as they are, for the stack traces of bug reports.
  minifyWhitespace: true,
});
await writeFile(join(outdir, 'LICENCES.md'), licencesOf(Object.keys(metafile.inputs)));

// What `pwt help` shows.
await cp(new URL('../../docs/', import.meta.url), new URL('./bundle/docs/', import.meta.url), {
  recursive: true,
  filter: (path) => !path.includes(`${sep}adr`) && !path.endsWith('benchmarks.md'),
});
