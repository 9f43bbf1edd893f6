import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectConfig } from './detect-config.js';
import { writeSchemaCopy } from './schema-copy.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-detect-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const detect = () => detectConfig({ root, env: { PATH: '' } });

describe('detectConfig', () => {
  it('finds nothing in an empty folder', async () => {
    const config = { $schema: './.pwt/config.schema.json', maxInstances: 2 };
    expect(await detect()).toEqual({ config, because: {}, formats: [], ignored: [] });
  });

  it('names the schema of the pwt that the project has installed', async () => {
    const schema = 'node_modules/@pwt/default/schema/pwt.schema.json';
    await write({ [schema]: '{}' });
    expect((await detect()).config.$schema).toBe(`./${schema}`);
    expect(await writeSchemaCopy(root)).toBeUndefined();
  });

  it('has the schema of this version for any other project', async () => {
    const { config } = await detect();
    expect(`./${await writeSchemaCopy(root)}`).toBe(config.$schema);
    const copy = JSON.parse(await readFile(join(root, config.$schema ?? ''), 'utf8'));
    expect(copy.properties.maxInstances).toMatchObject({ type: 'integer' });
  });

  it('counts the spec files, which are read in any case', async () => {
    await write({ 'specs/SPEC-1-a.md': '# A\n', 'docs/specs/SPEC-2-b.md': '# B\n' });
    const { config, formats } = await detect();
    expect(formats).toMatchObject([{ name: 'spec-files', tasks: 2, canMark: true }]);
    expect(config.formats).toBeUndefined();
  });

  it.each(['specs', '.specify/specs'])('finds the task lists of spec-kit in %s', async (folder) => {
    await write({ [`${folder}/001-photos/tasks.md`]: '# Tasks\n\n- [ ] T001 Start in src/a.ts\n' });
    expect(await detect()).toMatchObject({
      config: { formats: ['spec-files', 'spec-kit'] },
      because: { formats: `${folder}/001-photos/tasks.md is there` },
    });
  });

  it('takes no other task list for one of spec-kit', async () => {
    await write({ 'specs/later/tasks.md': '- [ ] Think\n- [ ] Try\n' });
    expect((await detect()).config.formats).toBeUndefined();
  });

  it('finds folders with prompts, and names them as its options', async () => {
    await write({
      'tasks/TP-1-a/PROMPT.md': '# Task: TP-1 - A\n',
      'later/TP-2-b/PROMPT.md': '# Task: TP-2 - B\n',
      'node_modules/x/PROMPT.md': '',
      'src/PROMPT.md': '',
    });
    const { config, because } = await detect();
    expect(config.formats).toEqual(['spec-files', ['prompt-folders', { folders: ['later', 'tasks'] }]]);
    expect(because.formats).toBe('later/TP-2-b/PROMPT.md is there');
  });

  it('finds both', async () => {
    await write({
      'specs/1/tasks.md': '- [x] T001 Start\n',
      'tasks/TP-1/PROMPT.md': '',
    });
    const { config, because } = await detect();
    expect(config.formats).toHaveLength(3);
    expect(because.formats).toBe('specs/1/tasks.md and tasks/TP-1/PROMPT.md are there');
  });

  it('names files that worktrees will not have, unless something copies them', async () => {
    await write({ '.env': '', '.envrc': '' });
    expect((await detect()).ignored).toEqual(['.env', '.envrc']);
    await write({ '.worktreeinclude': '.env\n' });
    expect((await detect()).ignored).toEqual([]);
  });

  it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    [
      'npm',
      { 'package-lock.json': '', 'package.json': '{"scripts": {"test": "vitest"}}' },
      'npm ci',
      'npm test',
    ],
    [
      'pnpm',
      { 'pnpm-lock.yaml': '', 'package.json': '{"scripts": {"test": "x"}}' },
      'pnpm install --frozen-lockfile',
      'pnpm test',
    ],
    ['bun', { 'bun.lock': '', 'package-lock.json': '' }, 'bun install --frozen-lockfile', undefined],
    [
      'yarn 1',
      { 'yarn.lock': '# THIS FILE\n# yarn lockfile v1\n' },
      'yarn install --frozen-lockfile',
      undefined,
    ],
    ['yarn', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'yarn install --immutable', undefined],
    [
      'no test yet',
      { 'package.json': '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}' },
      undefined,
      undefined,
    ],
    [
      'uv',
      { 'uv.lock': '', 'pyproject.toml': '[tool.pytest.ini_options]\n' },
      'uv sync --frozen',
      'uv run pytest',
    ],
    ['poetry', { 'poetry.lock': '', 'pyproject.toml': 'x' }, 'poetry install --no-interaction', undefined],
    [
      'pip',
      { 'requirements.txt': 'flask\npytest==8\n' },
      'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
      '.venv/bin/python -m pytest',
    ],
    ['cargo', { 'Cargo.lock': '', 'Cargo.toml': '' }, 'cargo fetch --locked', 'cargo test'],
    ['go', { 'go.sum': '', 'go.mod': '' }, 'go mod download', 'go test ./...'],
    ['make', { Makefile: 'all: x\ntest: all\n\trun\n' }, undefined, 'make test'],
    ['make without tests', { Makefile: 'latest: x\n' }, undefined, undefined],
    [
      'two languages',
      { 'package-lock.json': '', 'uv.lock': '', 'pyproject.toml': 'pytest' },
      'npm ci && uv sync --frozen',
      'uv run pytest',
    ],
  ])('finds the commands of a project: %s', async (_, files, setup, gate) => {
    await write(files);
    const { config } = await detect();
    expect([config.setup, config.gate]).toEqual([setup, gate]);
  });
});
