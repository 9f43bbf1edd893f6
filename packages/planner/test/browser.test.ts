import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleSources } from './support/bundle.js';
import { findChromium, runInChromium } from './support/chromium.js';

const PROVE = process.env.PWT_PROVE === '1';
const packages = join(import.meta.dirname, '../..');
const readme = (name: string): string => readFileSync(join(packages, name, 'README.md'), 'utf8');

/** The first example of a README, with its results put into the page. */
function example(name: string, results: string): string {
  const code = /```ts\n([\s\S]*?)```/.exec(readme(name))?.[1];
  if (code === undefined) throw new Error(`The README of ${name} has no example.`);
  return `${code}\ndocument.body.textContent = JSON.stringify(${results});`;
}

const programs = {
  scope: () =>
    bundleSources(
      example(
        'scope',
        "[overlap('src/*/handler.py', 'src/api/*.py'), overlap('src/*.ts', 'src/*.js'), expand(['src/**', '!src/gen/'], tree), index.overlapping('src/a.ts').map(({ witness }) => witness)]",
      ),
    ),
  separator: () => bundleSources(example('separator', '{ tasks, conflicts, independentPairs, diagnostics }')),
};

describe('in a browser bundle', () => {
  it('gets no further with a module of Node’s', async () => {
    await expect(bundleSources("import 'node:fs';")).rejects.toThrow(/node:/);
  });
});

describe('in headless Chromium', () => {
  const chromium = findChromium();

  it.skipIf(!PROVE)('has a browser to prove it with', () => {
    expect(chromium, 'install Chromium, or put one on the PATH').toBeDefined();
  });

  it('runs the example of @pwt/scope', async ({ skip }) => {
    if (chromium === undefined) return skip('no Chromium is installed');
    const shown = await runInChromium(chromium, (await programs.scope()).text);
    expect(JSON.parse(shown)).toEqual([{ witness: 'src/api/handler.py' }, null, ['src/a.ts'], ['src/a.ts']]);
  });

  it('runs the example of @pwt/separator', async ({ skip }) => {
    if (chromium === undefined) return skip('no Chromium is installed');
    const shown = await runInChromium(chromium, (await programs.separator()).text);
    expect(JSON.parse(shown)).toMatchObject({
      tasks: [{ id: '20' }, { id: '21' }],
      conflicts: [{ tasks: ['20', '21'], verdict: 'conflict', paths: ['src/login.ts'] }],
      independentPairs: [],
    });
  });
});
