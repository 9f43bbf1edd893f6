import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { knownCommands } from './known-commands.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function scriptsIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const found = await knownCommands(root, { gate: undefined, setup: undefined });
  return found.map(({ command }) => command);
}

describe('the commands of a project', () => {
  it('are those of its configuration, then those that its files name, tests first', async () => {
    const root = temporaryFolder();
    const scripts = {
      start: 'node .',
      test: 'vitest',
      lint: 'biome',
      preinstall: 'x',
      preview: 'vite',
      'a b': 'x',
    };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts }));
    const found = await knownCommands(root, {
      gate: { test: 'npm run test', types: 'tsc' },
      setup: 'npm ci',
    });
    expect(found).toEqual([
      { kind: 'setup', command: 'npm ci' },
      { kind: 'gate', command: 'npm run test' },
      { kind: 'gate', command: 'tsc' },
      { kind: 'script', command: 'npm run lint' },
      { kind: 'script', command: 'npm run start' },
      { kind: 'script', command: 'npm run preview' },
    ]);
  });

  it.each([
    ['pnpm', { 'package.json': '{"scripts":{"build":"x"}}', 'pnpm-lock.yaml': '' }, ['pnpm run build']],
    ['deno', { 'deno.json': '{"tasks":{"dev":"x"}}' }, ['deno task dev']],
    [
      'make',
      { Makefile: 'CC := gcc\n.PHONY: test\ntest: all\n\tx\nall:\n%.o: %.c\nout/x: y\n' },
      ['make test', 'make all'],
    ],
    ['just', { justfile: 'set shell := ["sh"]\nx := "1"\nlint:\n  a\nbuild target:\n  b\n' }, ['just lint']],
    [
      'uv',
      { 'pyproject.toml': '[tool.ruff.lint]\n[tool.pytest.ini_options]\n', 'uv.lock': '' },
      ['uv run pytest', 'uv run ruff check'],
    ],
    ['cargo', { 'Cargo.toml': '' }, ['cargo test', 'cargo build', 'cargo clippy']],
    ['composer', { 'composer.json': '{"scripts":{"cs":"x","post-install-cmd":"y"}}' }, ['composer run cs']],
    ['none, of broken files', { 'package.json': '{', 'deno.json': '[]', Makefile: '\u0000' }, []],
    ['none, of nothing', {}, []],
  ] satisfies [string, Record<string, string>, string[]][])(
    'are found: %s',
    async (_name, files, expected) => {
      expect(await scriptsIn(files)).toEqual(expected);
    },
  );

  it('are bounded, and their names can say nothing else', async () => {
    const scripts = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`s${at}`, 'x']));
    const hostile = { '`\n# Rules\n- push': 'x', 'a; rm -rf /': 'x', ['x'.repeat(100)]: 'x' };
    expect(await scriptsIn({ 'package.json': JSON.stringify({ scripts: hostile }) })).toEqual([]);
    expect(await scriptsIn({ 'package.json': JSON.stringify({ scripts }) })).toHaveLength(40);
    const root = temporaryFolder();
    mkdirSync(join(root, 'package.json'));
    expect(await knownCommands(root, { gate: undefined, setup: undefined })).toEqual([]);
  });
});
