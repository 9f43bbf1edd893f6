import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Tests import the sources, so that a unit test never needs a build. */
const alias = readdirSync(`${root}packages`).flatMap((name) => [
  { find: new RegExp(`^@pwt/${name}/node$`), replacement: `${root}packages/${name}/src/node/index.ts` },
  { find: new RegExp(`^@pwt/${name}$`), replacement: `${root}packages/${name}/src/index.ts` },
]);

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['{packages,plugins,examples,bench,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
