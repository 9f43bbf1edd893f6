import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlugins } from './load-plugins.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-plugins-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const source = (fields: string) => `export const plugin = { name: 'p', apiVersion: 2, ${fields} };`;
const separator = 'provides: { separator: () => ({}) }';

describe('loadPlugins', () => {
  it('loads a path from the root of the checkout, with its options', async () => {
    await write('tools/p.mjs', source(separator));
    const [loaded] = await loadPlugins([['./tools/p.mjs', { deep: true }]], root);
    expect(loaded).toMatchObject({
      plugin: { name: 'p' },
      options: { deep: true },
      reference: './tools/p.mjs',
    });
  });

  it('loads a TypeScript file', async () => {
    await write(
      'p.ts',
      `const version: 2 = 2;\n${source(separator).replace('apiVersion: 2', 'apiVersion: version')}`,
    );
    expect((await loadPlugins(['./p.ts'], root))[0]?.plugin.name).toBe('p');
  });

  it.each(['default', 'import'])('loads a package that exports itself under "%s"', async (condition) => {
    const manifest = { name: 'pwt-p', type: 'module', exports: { '.': { [condition]: './index.js' } } };
    await write('node_modules/pwt-p/package.json', JSON.stringify(manifest));
    await write('node_modules/pwt-p/index.js', source(separator));
    expect((await loadPlugins(['pwt-p'], root))[0]?.plugin.name).toBe('p');
  });

  it.each([
    ['does not export `plugin`', 'export default {}'],
    ['has no name', 'export const plugin = { apiVersion: 2, provides: {} }'],
    ['does not say what it provides', "export const plugin = { name: 'p', apiVersion: 2 }"],
    ['provides nothing', source('provides: {}')],
    ['provides an unknown contract, `seperator`', source('provides: { seperator: () => ({}) }')],
    [
      'has a command `No`, whose name is not made of a-z, 0-9 and -',
      source("provides: {}, commands: { No: { summary: '', run() {} } }"),
    ],
    [
      'has a command `go` without `summary` and `run`',
      source("provides: {}, commands: { go: { summary: 'Go.' } }"),
    ],
    ['has an `examine` that is not a function', source('provides: {}, examine: {}')],
    ['provides a `gate` that is not a function', source('provides: { gate: {} }')],
  ])('refuses a module that %s', async (what, text) => {
    await write('p.mjs', text);
    await expect(loadPlugins(['./p.mjs'], root)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_INVALID',
      message: `The plugin ./p.mjs ${what}.`,
    });
  });

  it.each([
    'commands: { go: { summary: "Go.", async run() { return 0; } } }',
    'async examine() { return []; }',
  ])('loads a plugin that has nothing else than %s', async (fields) => {
    await write('p.mjs', source(`provides: {}, ${fields}`));
    expect(await loadPlugins(['./p.mjs'], root)).toHaveLength(1);
  });

  it('refuses two commands of one name', async () => {
    const command = (name: string) =>
      `export const plugin = { name: '${name}', apiVersion: 2, provides: {}, commands: { go: { summary: 'Go.', async run() { return 0; } } } };`;
    await write('a.mjs', command('a'));
    await write('b.mjs', command('b'));
    await expect(loadPlugins(['./a.mjs', './b.mjs'], root)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_CLASH',
      message: 'The plugins a and b both have a command go; there can be only one.',
    });
  });

  it('refuses another version of the contract', async () => {
    await write('p.mjs', "export const plugin = { name: 'p', apiVersion: 1, provides: {} }");
    await expect(loadPlugins(['./p.mjs'], root)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_API_VERSION',
      message: 'The plugin p (./p.mjs) speaks version 1 of the plugin contract; this pwt speaks 2.',
      hint: expect.stringContaining('docs/errors.md'),
    });
  });

  it.each(['./missing.mjs', 'pwt-plugin-that-is-not-there'])(
    'says when %s is not there',
    async (reference) => {
      await expect(loadPlugins([reference], root)).rejects.toMatchObject({
        code: 'PWT_PLUGIN_NOT_FOUND',
        data: { plugin: reference },
      });
    },
  );

  describe('with bundled plugins', () => {
    const inside = { name: 'inside', apiVersion: 2, provides: { separator: () => ({}) } };
    const bundled = { '@pwt/plugin-p': async () => ({ plugin: inside }) };
    const approveCode = async () => false;

    it('loads one by its name, as code of the program', async () => {
      const [loaded] = await loadPlugins([['@pwt/plugin-p', { deep: true }]], root, { bundled, approveCode });
      expect(loaded).toEqual({ plugin: inside, options: { deep: true }, reference: '@pwt/plugin-p' });
    });

    it('loads the one that the project has installed rather', async () => {
      await write('node_modules/@pwt/plugin-p/package.json', '{ "type": "module", "exports": "./index.js" }');
      await write('node_modules/@pwt/plugin-p/index.js', source(separator));
      expect((await loadPlugins(['@pwt/plugin-p'], root, { bundled }))[0]?.plugin.name).toBe('p');
    });

    it.each([
      ['@pwt/plugin-q', 'Take it out of `plugins`, or write one that pwt has inside: @pwt/plugin-p'],
      ['pwt-q', 'Run: npm install --save-dev pwt-q'],
      ['toString', 'Run: npm install --save-dev toString'],
    ])('says what to do where there is no %s', async (reference, hint) => {
      await expect(loadPlugins([reference], root, { bundled })).rejects.toMatchObject({
        code: 'PWT_PLUGIN_NOT_FOUND',
        hint,
      });
    });
  });

  it('blames a module that throws', async () => {
    await write('p.mjs', 'throw new Error("no luck")');
    await expect(loadPlugins(['./p.mjs'], root)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_FAILED',
      message: expect.stringContaining('no luck'),
    });
  });

  it('refuses two plugins for one contract, but not two sinks', async () => {
    await write('a.mjs', source('provides: { eventSink: () => ({}), gate: () => ({}) }'));
    await write('b.mjs', source('provides: { eventSink: () => ({}) }'));
    await write('c.mjs', source('provides: { gate: () => ({}) }'));
    expect(await loadPlugins(['./a.mjs', './b.mjs'], root)).toHaveLength(2);
    await expect(loadPlugins(['./a.mjs', './c.mjs'], root)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_CLASH',
    });
  });
});
