import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateRequest } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, testEnvironment } from '../test/repository.js';
import { CommandGate } from './command-gate.js';

function scratch(): GateRequest {
  const folder = temporaryFolder();
  const path = join(folder, 'a $(touch pwned) b');
  mkdirSync(path);
  const workspace = { id: 'w', provider: 'test', kind: 'scratch', runId: 'r1', path, base: 'c' } as const;
  return {
    runId: 'r1',
    subject: { kind: 'tasks', taskIds: ['20'] },
    commit: 'c0ffee',
    workspace,
    logFile: join(folder, 'logs/gate.log'),
  };
}

function run(command: string, request = scratch(), options: object = {}) {
  return new CommandGate({ command, env: testEnvironment, ...options }).run(request);
}

describe('CommandGate', () => {
  it('is green on exit 0, and logs both streams in order', async () => {
    const request = scratch();
    const verdict = await run('echo one; echo two >&2; echo three', request);
    expect(verdict).toMatchObject({ status: 'green' });
    expect(verdict.durationMs).toBeGreaterThan(0);
    expect(readFileSync(request.logFile, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('is red on any other exit, with the end of the output', async () => {
    const verdict = await run('i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done; exit 3');
    expect(verdict).toMatchObject({ status: 'red', exitCode: 3 });
    if (verdict.status !== 'red') return;
    expect(verdict.summary).toMatch(/line 19999$/);
    expect(verdict.summary.length).toBeLessThanOrEqual(4096);
  });

  it('is broken where a command is missing, not executable, or ended by a signal', async () => {
    expect(await run('no-such-command-here')).toMatchObject({ status: 'broken' });
    expect(await run('touch x; ./x')).toMatchObject({ status: 'broken' });
    expect(await run('kill -9 $$')).toMatchObject({ status: 'broken' });
    const request = scratch();
    const gone = { ...request, workspace: { ...request.workspace, path: '/nonexistent/x' } };
    expect(await run('true', gone)).toMatchObject({ status: 'broken' });
  });

  it('stops the whole tree at the time-out', async () => {
    const request = scratch();
    const command = 'mkfifo fifo; (trap "" TERM; read -r _ < fifo) & echo started; wait';
    const verdict = await run(command, request, { timeoutMs: 300, graceMs: 100 });
    expect(verdict).toMatchObject({ status: 'timed-out', summary: 'started' });
  });

  it('says nothing of a commit when it is stopped from outside', async () => {
    const request = scratch();
    const controller = new AbortController();
    controller.abort();
    const stopped = run('true', { ...request, abortSignal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'PWT_ABORTED' });
  });

  it('puts nothing into the command, and closes stdin', async () => {
    const request = scratch();
    expect(await run('cat; pwd > where', request)).toMatchObject({ status: 'green' });
    expect(readFileSync(join(request.workspace.path, 'where'), 'utf8')).toBe(`${request.workspace.path}\n`);
    expect(existsSync(join(request.workspace.path, 'pwned'))).toBe(false);
  });

  it('gives no variable on that leads git elsewhere, and no secret, and says what it tests', async () => {
    const request = scratch();
    const env = {
      ...testEnvironment,
      GIT_DIR: '/elsewhere',
      GIT_INDEX_FILE: '/x',
      NPM_TOKEN: 's',
      KEEP: 'me',
    };
    const verdict = await run(
      'test -z "$GIT_DIR$GIT_INDEX_FILE$NPM_TOKEN" && test "$GIT_AUTHOR_NAME" = Ada && test "$KEEP $PWT_RUN_ID $PWT_GATE_LABEL $PWT_GATE_COMMIT" = "me r1 20 c0ffee"',
      request,
      { env },
    );
    expect(verdict).toMatchObject({ status: 'green' });
  });
});
