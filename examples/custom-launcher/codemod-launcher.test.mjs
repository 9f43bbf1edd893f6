import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentLauncherSuite, makeTask } from '@pwt/testkit';
import { describe, test } from 'vitest';
import { CodemodLauncher } from './codemod-launcher.mjs';

agentLauncherSuite({ describe, test }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'pwt-codemod-'));
  const gate = join(root, 'gate');
  let attempt = 0;
  mkdirSync(join(root, 'codemods'));
  execFileSync('mkfifo', [gate]);

  /** @param {import('@pwt/testkit').AgentBehaviour} behaviour */
  const launcher = async (behaviour) => {
    // Reading the pipe waits until it is opened for writing.
    const wait = `(await import('node:fs')).readFileSync(${JSON.stringify(gate)})`;
    writeFileSync(
      join(root, 'codemods/20.mjs'),
      'waits' in behaviour ? wait : `process.exit(${behaviour.exitCode})`,
    );
    return new CodemodLauncher({ projectRoot: root, env: process.env });
  };
  return {
    launcher,
    reopen: launcher,
    async request() {
      attempt += 1;
      return {
        attempt: {
          runId: 'test',
          taskId: '20',
          number: attempt,
          workspace: workspaceAt(root),
          stateDir: join(root, `state-${attempt}`),
          timeoutMs: 0,
          idleTimeoutMs: 0,
        },
        task: makeTask('20'),
        claims: [],
        permission: 'default',
      };
    },
    missing: async () => new CodemodLauncher({ projectRoot: join(root, 'elsewhere'), env: process.env }),
    release: async () => (await open(gate, 'w')).close(),
    dispose: async () => rmSync(root, { recursive: true, force: true }),
  };
});

/**
 * @param {string} path
 * @returns {import('@pwt/core').Workspace}
 */
function workspaceAt(path) {
  return {
    id: 'test.20',
    provider: 'test',
    kind: 'task',
    runId: 'test',
    taskId: '20',
    path,
    base: '0'.repeat(40),
  };
}
