import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GateRequest } from '@pwt/core';
import { identify } from '@pwt/process';
import { describe, expect, it, vi } from 'vitest';
import { repositoryWith, temporaryFolder, testEnvironment } from '../../test/repository.js';
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

function run(command: string | Record<string, string>, request = scratch(), options: object = {}) {
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
    expect(await run('kill -9 $$')).toMatchObject({
      status: 'broken',
      message: expect.stringContaining('SIGKILL'),
    });
    expect(await run("sh -c 'kill -TERM $$'; exit $?")).toMatchObject({ status: 'broken' });
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

  it('is red where what it tests crashes', async () => {
    expect(await run('kill -SEGV $$')).toMatchObject({ status: 'red', exitCode: 139 });
    expect(await run('exit 255')).toMatchObject({ status: 'red', exitCode: 255 });
  });

  it('ends what a green command leaves behind, and waits for no pipe that it holds', async () => {
    const request = scratch();
    // The child holds the log open, and would go on for ever.
    const verdict = await run('mkfifo f; (trap "" HUP; read -r _ < f) & echo $! > pid', request, {
      graceMs: 100,
    });
    expect(verdict).toMatchObject({ status: 'green' });
    const pid = Number(readFileSync(join(request.workspace.path, 'pid'), 'utf8'));
    expect(identify(pid)).toBeUndefined();
  });

  it('keeps megabytes of output in the log, and only its end in memory', async () => {
    const request = scratch();
    const verdict = await run('yes "a line of the gate" | head -c 20000000; exit 1', request);
    expect(verdict).toMatchObject({ status: 'red', exitCode: 1 });
    expect(statSync(request.logFile).size).toBe(20_000_000);
    expect(JSON.stringify(verdict).length).toBeLessThan(6000);
  });

  it('has no limit with a time-out of 0', async () => {
    expect(await run('true', scratch(), { timeoutMs: 0 })).toMatchObject({ status: 'green' });
    expect(await run({ a: 'true' }, scratch(), { timeoutMs: 0 })).toMatchObject({ status: 'green' });
  });

  it('measures the CPU time of its processes, and leaves no file of that', async () => {
    const request = scratch();
    const verdict = await run('i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done', request);
    expect(verdict.cpuMs).toBeGreaterThan(20);
    expect(verdict.cpuMs).toBeLessThan(verdict.durationMs + 50);
    const waiting = await run('mkfifo f; (read -r _ < f) & echo > f; wait');
    expect(waiting.cpuMs).toBeLessThan(100);
    expect(readdirSync(dirname(request.logFile))).toEqual(['gate.log']);
  });
});

describe('a gate of several commands', () => {
  const parts = { lint: 'echo L; exit 2', unit: 'echo U', docs: 'no-such-command-here' };

  it('runs them in order, up to the first that is not green', async () => {
    const request = scratch();
    const verdict = await run({ first: 'echo F > made', ...parts }, request);
    expect(verdict).toMatchObject({
      status: 'red',
      exitCode: 2,
      summary: 'L',
      parts: [
        { name: 'first', status: 'green' },
        { name: 'lint', status: 'red', exitCode: 2, summary: 'L' },
        { name: 'unit', status: 'skipped', durationMs: 0 },
        { name: 'docs', status: 'skipped' },
      ],
    });
    expect(readdirSync(dirname(request.logFile))).toEqual(['gate.first.log', 'gate.lint.log']);
    expect(verdict.parts?.[1]?.logFile).toBe(join(dirname(request.logFile), 'gate.lint.log'));
    expect(readFileSync(verdict.parts?.[1]?.logFile ?? '', 'utf8')).toBe('L\n');
  });

  it('runs all of them for a complete verdict', async () => {
    const verdict = await run(parts, { ...scratch(), complete: true });
    expect(verdict.status).toBe('red');
    expect(verdict.parts?.map(({ status }) => status)).toEqual(['red', 'green', 'broken']);
  });

  it('is green when all are, with the CPU time of all', async () => {
    const verdict = await run({ b: 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done', a: 'true' });
    expect(verdict).toMatchObject({ status: 'green', parts: [{ name: 'b' }, { name: 'a' }] });
    expect(verdict.cpuMs).toBeGreaterThan(10);
  });

  it('runs them side by side, each to its end', async () => {
    const request = scratch();
    execFileSync(
      'mkfifo',
      ['a', 'b'].map((name) => join(request.workspace.path, name)),
    );
    // Each waits for the other: one after the other would hang.
    const meeting = { one: 'echo > a; read -r _ < b; exit 4', two: 'read -r _ < a; echo > b' };
    const verdict = await run(meeting, request, {
      mode: 'parallel',
      timeoutMs: 20_000,
    });
    expect(verdict).toMatchObject({
      status: 'red',
      exitCode: 4,
      parts: [
        { name: 'one', status: 'red' },
        { name: 'two', status: 'green' },
      ],
    });
  });

  it.each(['sequential', 'parallel'])('times out as a whole, %s', async (mode) => {
    const endless = 'mkfifo fifo; read -r _ < fifo';
    const verdict = await run({ quick: 'true', endless }, scratch(), { mode, timeoutMs: 300, graceMs: 100 });
    expect(verdict).toMatchObject({
      status: 'timed-out',
      parts: [{ status: 'green' }, { status: 'timed-out' }],
    });
  });

  it('ends all of them when it is stopped', async () => {
    const request = scratch();
    const controller = new AbortController();
    const { path } = request.workspace;
    const endless = (name: string) => `echo $$ > ${name}.pid; mkfifo ${name}; read -r _ < ${name}`;
    const stopped = run(
      { a: endless('a'), b: endless('b') },
      { ...request, abortSignal: controller.signal },
      { mode: 'parallel' },
    );
    const pids = () =>
      ['a.pid', 'b.pid'].map((name) => Number(readFileSync(join(path, name), 'utf8').trim()));
    await vi.waitFor(() => expect(pids().every((pid) => pid > 0)).toBe(true), { timeout: 20_000 });
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    for (const pid of pids()) expect(identify(pid)).toBeUndefined();
  });
});

describe('the names of commands', () => {
  it.each<Record<string, string>>([
    {},
    { '../x': 'true' },
    { 'a/b': 'true' },
    { '': 'true' },
    { ok: 'true', '-x': 'true' },
  ])('are checked: %j', (command) => {
    const invalid = expect.objectContaining({ code: 'PWT_CONFIG_INVALID' });
    expect(() => new CommandGate({ command, env: testEnvironment })).toThrow(invalid);
  });
});

describe('PWT_CHANGED_FILES', () => {
  it('names a file outside of the checkout with the changed paths, or nothing', async () => {
    const request = scratch();
    const changedPaths = ['src/b.ts', 'src/a.ts', 'src/b.ts'];
    const command = 'cat "$PWT_CHANGED_FILES"; echo "$PWT_CHANGED_FILES"; ls';
    await run(command, { ...request, changedPaths });
    const file = join(dirname(request.logFile), 'gate.changed-files');
    expect(readFileSync(request.logFile, 'utf8')).toBe(`src/a.ts\nsrc/b.ts\n${file}\n`);
    expect(await run('test -z "${PWT_CHANGED_FILES+set}"')).toMatchObject({ status: 'green' });
    expect(
      await run('test -f "$PWT_CHANGED_FILES" && test ! -s "$PWT_CHANGED_FILES"', {
        ...scratch(),
        changedPaths: [],
      }),
    ).toMatchObject({ status: 'green' });
  });

  it('spells every path as git does', async () => {
    const names = [
      'plain',
      'a b',
      'q"uote',
      'back\\slash',
      'tab\there',
      'new\nline',
      'bell\u0007',
      'del\u007f',
      'Zoë',
      '文',
      '-dash',
      'x'.repeat(200),
    ];
    const { repository } = await repositoryWith({
      'README.md': 'r\n',
      ...Object.fromEntries(names.map((name) => [name, name])),
    });
    const { git } = repository;
    const bytes = Buffer.concat([Buffer.from(`${repository.path}/latin-`), Buffer.of(0xe9)]);
    writeFileSync(bytes, 'x');
    await git.run(['add', '-A']);
    await git.run(['commit', '-q', '-m', 'odd']);
    const empty = await git.text(['hash-object', '-t', 'tree', '/dev/null']);
    const printed = await git.text(['-c', 'core.quotePath=true', 'diff', '--name-only', empty, 'HEAD']);
    const raw = await git.text(['diff', '--name-only', '-z', empty, 'HEAD']);
    const request = {
      ...scratch(),
      changedPaths: raw
        .split('\0')
        .filter((path) => path !== '')
        .reverse(),
    };
    expect(await run('cat "$PWT_CHANGED_FILES"', request)).toMatchObject({ status: 'green' });
    expect(readFileSync(request.logFile, 'utf8').trimEnd()).toBe(printed.trimEnd());
  });
});

describe('the fingerprint of a gate', () => {
  const gate = (options: object = {}) =>
    new CommandGate({ command: 'npm test', env: { PATH: '/bin', NPM_TOKEN: 'secret-1' }, ...options })
      .fingerprint;

  it('is the same for the same gate, wherever pwt was started', () => {
    const env = {
      PATH: '/bin',
      NPM_TOKEN: 'secret-2',
      TERM: 'xterm',
      SSH_TTY: '/dev/pts/1',
      PWD: '/x',
      SHLVL: '3',
    };
    // The gate does not get the token: it is withheld.
    expect(gate({ env })).toBe(gate());
  });

  it.each<[string, object]>([
    ['the command', { command: 'npm run test' }],
    ['a name', { command: { test: 'npm test' } }],
    ['the time-out', { timeoutMs: 5 }],
    ['a variable', { env: { PATH: '/usr/bin' } }],
    ['a further variable', { env: { PATH: '/bin', CI: '1' } }],
    ['a variable that is set', { environment: { set: { TERM: 'dumb' } } }],
    ['a secret that is passed', { environment: { pass: ['NPM_TOKEN'] } }],
  ])('changes with %s', (_, options) => {
    expect(gate(options)).not.toBe(gate());
  });

  it('changes with the order and the mode of commands', () => {
    const both = [
      { a: 'x', b: 'y' },
      { b: 'y', a: 'x' },
    ];
    const all = [{ command: both[0] }, { command: both[1] }, { command: both[0], mode: 'parallel' }].map(
      gate,
    );
    expect(new Set(all).size).toBe(3);
  });

  it('keeps secrets to itself', () => {
    const passed = { environment: { pass: ['NPM_TOKEN'], set: { KEY: 'secret-3' } } };
    expect(gate(passed)).toMatch(/^[0-9a-f]{64}$/);
  });
});
