import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInBareRealm } from './support/bare-realm.js';
import { bundleSources } from './support/bundle.js';
import { findChromium, runInChromium } from './support/chromium.js';

const PROVE = process.env.PWT_PROVE === '1';
const packages = join(import.meta.dirname, '../..');

/** The first example of each README, what of it goes into the page, and what that is. */
const EXAMPLES = [
  {
    name: 'scope',
    results:
      "[overlap('src/*/handler.py', 'src/api/*.py'), overlap('src/*.ts', 'src/*.js'), expand(['src/**', '!src/gen/'], tree), index.overlapping('src/a.ts').map(({ witness }) => witness)]",
    expected: [{ witness: 'src/api/handler.py' }, null, ['src/a.ts'], ['src/a.ts']],
  },
  {
    name: 'claims',
    results: '{ conflicts, independentPairs, hotFiles, before, after }',
    expected: {
      conflicts: [{ tasks: ['20', '21'], relation: 'conflict', paths: ['src/login.ts'] }],
      independentPairs: [
        ['20', '22'],
        ['21', '22'],
      ],
      hotFiles: [{ path: 'src/login.ts', tasks: ['20', '21'] }],
      before: [['21', 'src/login.ts']],
      after: [],
    },
  },
  {
    name: 'separator',
    results: '{ tasks, conflicts, independentPairs, diagnostics }',
    expected: {
      tasks: [{ id: '20' }, { id: '21' }],
      conflicts: [{ tasks: ['20', '21'], relation: 'conflict', paths: ['src/login.ts'] }],
      independentPairs: [],
    },
  },
  {
    name: 'risk',
    results: 'figures.map((figure) => figure.toFixed(2))',
    expected: ['0.62', '0.09'],
  },
  {
    name: 'planner',
    results: '{ timeline, predicted, bound }',
    expected: {
      timeline: [
        { taskId: '20', startMs: 0 },
        { taskId: '22', startMs: 0 },
        { taskId: '21', startMs: 600_000 },
      ],
      predicted: { speedup: 1.5 },
      bound: { by: 'shared-paths' },
    },
  },
];

/** The example's program for a browser, which puts its results into the page. */
async function programOf({ name, results }: (typeof EXAMPLES)[number]): Promise<string> {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(packages, name, 'README.md'), 'utf8'))?.[1];
  if (code === undefined) throw new Error(`The README of ${name} has no example.`);
  const { text } = await bundleSources(`${code}\ndocument.body.textContent = JSON.stringify(${results});`);
  return text;
}

describe('in a browser bundle', () => {
  for (const example of EXAMPLES) {
    it(`the example of @pwt/${example.name} runs on the language alone`, async () => {
      expect(JSON.parse(runInBareRealm(await programOf(example)))).toMatchObject(example.expected);
    });
  }

  it('gets no further with a module of Node’s', async () => {
    await expect(bundleSources("import '@pwt/sources';")).rejects.toThrow(/node:/);
  });
});

describe('in headless Chromium', () => {
  const chromium = findChromium();

  it.skipIf(!PROVE)('has a browser to prove it with', () => {
    expect(chromium, 'install Chromium, or put one on the PATH').toBeDefined();
  });

  for (const example of EXAMPLES) {
    it(`runs the example of @pwt/${example.name}`, async ({ skip }) => {
      if (chromium === undefined) return skip('no Chromium is installed');
      const shown = await runInChromium(chromium, await programOf(example));
      expect(JSON.parse(shown)).toMatchObject(example.expected);
    });
  }
});
