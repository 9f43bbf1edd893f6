import { build, type StdinOptions } from 'esbuild';
// @boundaries-ignore the program is made of the sources of all packages, as the tests are
import { sourceEntries } from '../../../scripts/lib/source-entries.mjs';

/** Makes one file of a program and all that it needs, from the sources, for a process of its own. */
export async function bundle(request: {
  readonly entry: string | StdinOptions;
  readonly outfile: string;
  readonly format: 'cjs' | 'esm';
}): Promise<void> {
  const { entry, outfile, format } = request;
  // Packages that are no modules ask for others in their own way.
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    ...(typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: entry }),
    ...{ outfile, format },
    ...(format === 'esm' ? { banner: { js } } : {}),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
    alias: Object.fromEntries(
      sourceEntries().map(({ find, replacement }) => [
        find.source.slice(1, -1).replaceAll('\\', ''),
        replacement,
      ]),
    ),
  });
}
