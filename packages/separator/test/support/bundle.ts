import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
// @boundaries-ignore tests bundle the sources of all packages, as vitest does
import { sourceEntries } from '../../../../scripts/lib/source-entries.mjs';

/** A program for a browser in one file. */
export interface BrowserBundle {
  readonly text: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** The files that went into it, relative to the repository. */
  readonly inputs: readonly string[];
}

/**
 * Bundles a module for a browser, out of the sources of this repository. esbuild refuses modules of Node's.
 *
 * @param contents the module's text
 */
export async function bundleForBrowser(contents: string): Promise<BrowserBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    logLevel: 'silent',
    plugins: [
      {
        name: 'sources',
        setup({ onResolve }) {
          for (const { find, replacement } of sourceEntries())
            onResolve({ filter: find }, () => ({ path: replacement, sideEffects: false }));
        },
      },
    ],
  });
  const text = outputFiles[0]?.text ?? '';
  return {
    text,
    bytes: Buffer.byteLength(text),
    gzipBytes: gzipSync(text, { level: 9 }).byteLength,
    inputs: Object.keys(metafile.inputs),
  };
}
