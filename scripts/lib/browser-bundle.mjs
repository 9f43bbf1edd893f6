import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * A program for a browser in one file.
 *
 * @typedef {object} BrowserBundle
 * @property {string} text
 * @property {number} bytes
 * @property {number} gzipBytes
 * @property {readonly string[]} inputs The files that went into it.
 */

/**
 * Bundles a module for a browser and minifies it. Rejects where it needs a module of Node's.
 *
 * @param {string} contents the module's text
 * @param {{resolveDir: string, plugins?: import('esbuild').Plugin[]}} options where its imports are looked up
 * @returns {Promise<BrowserBundle>}
 */
export async function bundleForBrowser(contents, { resolveDir, plugins }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, loader: 'ts', resolveDir },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    logLevel: 'silent',
    ...(plugins && { plugins }),
  });
  const text = outputFiles[0]?.text ?? '';
  return {
    text,
    bytes: Buffer.byteLength(text),
    gzipBytes: gzipSync(text, { level: 9 }).byteLength,
    inputs: Object.keys(metafile.inputs),
  };
}
