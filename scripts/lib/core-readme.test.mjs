import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLUGIN_API_VERSION } from '@pwt/core';
import { agentLauncherSuite, makeTask, separatorSuite, taskSourceSuite } from '@pwt/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { snippetsIn } from './snippets.mjs';
import { ROOT } from './workspace.mjs';

// The programs in the README of `@pwt/core` are run as they stand there: each keeps its contract.

const folder = mkdtempSync(join(tmpdir(), 'pwt-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const snippets = snippetsIn(readFileSync(join(ROOT, 'packages/core/README.md'), 'utf8'));

/** @param {string} name what the program exports */
async function program(name) {
  const found = snippets.find(({ code }) => code.includes(`export class ${name} `));
  if (found === undefined) throw new Error(`packages/core/README.md has no program with the class ${name}`);
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, found.code);
  return import(file);
}

const modules = await program('ModuleSeparator');
const issues = await program('IssueSource');
const programs = await program('ProgramLauncher');

/** @param {string} text */
const spec = (text) => ({ path: 'specs/SPEC-1.md', text, firstLine: 4, hash: 'ab' });

separatorSuite({ describe, test }, async () => ({
  separator: new modules.ModuleSeparator(),
  scoped: [
    makeTask('1', { specs: [spec('# One\n\nModule: billing\n')] }),
    makeTask('2', { specs: [spec('Module: a\nModule: b\n')] }),
  ],
  unscoped: makeTask('3'),
  tree: { paths: [] },
  dispose: async () => undefined,
}));

taskSourceSuite({ describe, test }, async () => {
  const all = ['1', '2', '../etc'].map((id) => ({ id, title: `Issue ${id}`, text: `# Issue ${id}\n` }));
  const server = createServer((_, response) => response.end(JSON.stringify(all))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    source: new issues.IssueSource(`http://127.0.0.1:${port}/`),
    ids: ['1', '2'],
    dispose: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
});

agentLauncherSuite({ describe, test }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'pwt-readme-'));
  const gate = join(root, 'gate');
  execFileSync('mkfifo', [gate]);
  let number = 0;
  /** @param {import('@pwt/testkit').AgentBehaviour} behaviour */
  const launcher = async (behaviour) => {
    const text = 'waits' in behaviour ? `cat '${gate}'` : `exit ${behaviour.exitCode}`;
    return new programs.ProgramLauncher({ command: 'sh', args: ['-c', text], env: process.env });
  };
  /** @type {import('@pwt/core').Workspace} */
  const workspace = { id: 'w', provider: 'test', kind: 'task', runId: 'readme', path: root, base: '0' };
  return {
    launcher,
    reopen: launcher,
    async request() {
      number += 1;
      const attempt = {
        ...{ runId: 'readme', taskId: '1', number, workspace, stateDir: join(root, `state-${number}`) },
        ...{ timeoutMs: 0, idleTimeoutMs: 0 },
      };
      return { attempt, task: makeTask('1'), claims: [], permission: 'default' };
    },
    release: async () => (await open(gate, 'w')).close(),
    promptOf: async ({ attempt }) => readFileSync(join(attempt.stateDir, 'prompt.md'), 'utf8'),
    dispose: async () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('the plugins in the README of @pwt/core', () => {
  test.each([
    [modules, 'separator', undefined],
    [issues, 'taskSource', { url: 'http://127.0.0.1/' }],
    [programs, 'agentLauncher', { command: 'sh' }],
  ])('are of today’s version and make what they say: %#', async ({ plugin }, contract, options) => {
    expect(plugin.apiVersion).toBe(PLUGIN_API_VERSION);
    expect(Object.keys(plugin.provides)).toEqual([contract]);
    const made = await plugin.provides[contract]({ env: process.env }, options);
    expect(typeof made.name).toBe('string');
  });

  test('name a program that is not there, and issues that can not be read', async () => {
    const launcher = new programs.ProgramLauncher({ command: 'no-such-program', env: {} });
    await expect(launcher.check()).rejects.toMatchObject({ code: 'PWT_AGENT_NOT_FOUND' });
    const source = new issues.IssueSource('http://127.0.0.1:1/');
    await expect(source.load({})).rejects.toMatchObject({ code: 'PWT_ISSUES_UNREACHABLE' });
  });
});
