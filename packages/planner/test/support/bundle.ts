// @boundaries-ignore tests bundle the sources of all packages, as vitest does
import { type BrowserBundle, bundleForBrowser } from '../../../../scripts/lib/browser-bundle.mjs';
// @boundaries-ignore as above
import { sourceEntries } from '../../../../scripts/lib/source-entries.mjs';

/**
 * Bundles a module for a browser, out of the sources of this repository.
 *
 * @param contents the module's text
 */
export function bundleSources(contents: string): Promise<BrowserBundle> {
  return bundleForBrowser(contents, {
    resolveDir: import.meta.dirname,
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
}
