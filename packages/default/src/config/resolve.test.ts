import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configValues } from './config-values.js';
import { resolveConfig } from './resolve.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-config-'));
});
afterEach(() => rm(root, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(root, name), text);

describe('resolveConfig', () => {
  it('has a default for everything', async () => {
    const config = await resolveConfig({ root });
    expect(config.file).toBeUndefined();
    expect(config).toMatchObject(configValues(root, {}));
    expect(config.repositoryCommands).toEqual([]);
  });

  it.each([
    ['pwt.config.json', '{"maxInstances": 3, "timeout": "90s"}'],
    ['pwt.config.yaml', 'maxInstances: 3\ntimeout: 90s\n'],
    ['pwt.config.yml', 'maxInstances: 3\ntimeout: 90s\n'],
    ['pwt.config.mjs', 'export default { maxInstances: 3, timeout: "90s" }'],
    ['pwt.config.ts', 'const n: number = 3;\nexport default { maxInstances: n, timeout: "90s" };'],
    ['package.json', '{"name": "x", "pwt": {"maxInstances": 3, "timeout": "90s"}}'],
  ])('reads %s', async (name, text) => {
    await write(name, text);
    const config = await resolveConfig({ root });
    expect(config.file).toBe(join(root, name));
    expect(config).toMatchObject({ maxInstances: 3, timeout: 90_000 });
  });

  it('passes over a package.json that says nothing about pwt', async () => {
    await write('package.json', '{"name": "x"}');
    expect((await resolveConfig({ root })).file).toBeUndefined();
  });

  it('lets what the caller says win, key by key', async () => {
    await write('pwt.config.json', '{"maxInstances": 3, "idleTimeout": "5m"}');
    const config = await resolveConfig({ root, overrides: { maxInstances: 7 } });
    expect(config).toMatchObject({ maxInstances: 7, idleTimeout: 300_000 });
  });

  it('reports every problem of every layer with its path', async () => {
    await write(
      'pwt.config.json',
      '{"maxInstances": 0, "agent": {"command": "x"}, "maxCpu": 3, "timeout": "soon"}',
    );
    const failure = await resolveConfig({ root, overrides: { minDisk: 'plenty' } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'PWT_CONFIG_INVALID',
      place: { path: join(root, 'pwt.config.json') },
    });
    const { problems } = (failure as { data: { problems: { source: string; path: string }[] } }).data;
    expect(problems.map(({ source, path }) => `${source}:${path}`).sort()).toEqual([
      'options:minDisk',
      'pwt.config.json:agent',
      'pwt.config.json:maxCpu',
      'pwt.config.json:maxInstances',
      'pwt.config.json:timeout',
    ]);
  });

  it.each([
    ['pwt.config.json', '{"maxInstances": 3,'],
    ['pwt.config.yaml', 'a: [1'],
    ['pwt.config.mjs', 'throw new Error("no")'],
    ['pwt.config.mjs', 'export const config = {}'],
  ])('names a %s that cannot be read', async (name, text) => {
    await write(name, text);
    await expect(resolveConfig({ root })).rejects.toMatchObject({
      code: 'PWT_CONFIG_UNREADABLE',
      place: { path: join(root, name) },
    });
  });

  it('refuses a configuration that is not an object', async () => {
    await write('pwt.config.json', '[1, 2]');
    await expect(resolveConfig({ root })).rejects.toMatchObject({ code: 'PWT_CONFIG_INVALID' });
  });

  it('says when a named file is missing', async () => {
    await expect(resolveConfig({ root, configFile: 'other.json' })).rejects.toMatchObject({
      code: 'PWT_CONFIG_NOT_FOUND',
    });
  });

  it('lists the commands of the file that the caller has not replaced', async () => {
    await write(
      'pwt.config.json',
      JSON.stringify({ agent: { command: ['a', 'b'] }, gate: 'npm test', setup: 'npm ci' }),
    );
    const { repositoryCommands } = await resolveConfig({ root, overrides: { gate: 'make' } });
    expect(repositoryCommands).toEqual([
      { kind: 'agent', text: '{"command":["a","b"]}' },
      { kind: 'setup', text: 'npm ci' },
    ]);
  });

  it('lists each command of a gate of several', async () => {
    const gate = { lint: 'npm run lint', test: 'npm test' };
    await write('pwt.config.json', JSON.stringify({ gate, gateMode: 'parallel' }));
    const { repositoryCommands } = await resolveConfig({ root });
    expect(repositoryCommands).toEqual([
      { kind: 'gate', text: 'npm run lint' },
      { kind: 'gate', text: 'npm test' },
    ]);
  });

  it('takes the bare name of a preset for no command, and more permission for one', async () => {
    await write('pwt.config.json', '{"agent": "claude"}');
    expect((await resolveConfig({ root })).repositoryCommands).toEqual([]);
    await write('pwt.config.json', '{"agent": "claude", "autoApprove": true}');
    expect((await resolveConfig({ root })).repositoryCommands).toEqual([
      { kind: 'agent', text: 'permission: unattended' },
    ]);
    expect((await resolveConfig({ root, overrides: { autoApprove: true } })).repositoryCommands).toEqual([]);
    expect((await resolveConfig({ root, overrides: { autoApprove: false } })).repositoryCommands).toEqual([]);
  });

  it('asks about permission that a file grants to an agent of the caller', async () => {
    await write('pwt.config.json', '{"permission": "bypass"}');
    expect((await resolveConfig({ root, overrides: { agent: 'claude' } })).repositoryCommands).toEqual([
      { kind: 'agent', text: 'permission: bypass' },
    ]);
    const overrides = { agent: 'claude', permission: 'auto' } as const;
    expect((await resolveConfig({ root, overrides })).repositoryCommands).toEqual([]);
  });
});
