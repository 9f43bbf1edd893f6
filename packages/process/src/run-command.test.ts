import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { env, identitiesIn, makeFifo, openGate, sweptMark, temporaryDirectory } from '../test/support.js';
import { createMark, findMarked, isAlive, runCommand, runShell } from './index.js';

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryDirectory();
});

describe('runCommand', () => {
  it('returns the exit code, both outputs, and the time it took', async () => {
    const args = ['-c', 'echo out; echo err >&2; exit 127'];
    const result = await runCommand({ command: 'sh', args, cwd, env });
    expect(result).toMatchObject({ exitCode: 127, signal: null, timedOut: false, aborted: false });
    expect(result).toMatchObject({ stdoutTail: 'out\n', stderrTail: 'err\n' });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('passes arguments, directory and environment as they are', async () => {
    const odd = 'a "b" $(touch pwned) `x`; *\n';
    const args = [
      '-e',
      'console.log(JSON.stringify([process.argv[1], process.cwd(), process.env.ODD]))',
      odd,
    ];
    const result = await runCommand({ command: process.execPath, args, cwd, env: { ...env, ODD: odd } });
    expect(JSON.parse(result.stdoutTail)).toEqual([odd, expect.stringContaining(cwd), odd]);
  });

  it('gives stdin and closes it, or gives none', async () => {
    const text = 'line\n'.repeat(50_000);
    expect((await runCommand({ command: 'wc', args: ['-l'], cwd, env, stdin: text })).stdoutTail.trim()).toBe(
      '50000',
    );
    expect((await runCommand({ command: 'cat', args: [], cwd, env })).stdoutTail).toBe('');
    // A program that does not read its stdin is no error.
    expect((await runCommand({ command: 'true', args: [], cwd, env, stdin: text })).exitCode).toBe(0);
  });

  it('keeps only the end of a long output, on a border of characters', async () => {
    const script = 'process.stdout.write("é".repeat(100000) + "end")';
    const base = { command: process.execPath, args: ['-e', script], cwd, env, maxOutputBytes: 10 };
    expect((await runCommand(base)).stdoutTail).toBe('éééend');
    const stdoutFile = join(cwd, 'out');
    expect((await runCommand({ ...base, stdoutFile })).stdoutTail).toBe('éééend');
    expect(await readFile(stdoutFile, 'utf8')).toHaveLength(100_003);
  });

  it('appends to log files, which may be one, and keeps the tail of this run only', async () => {
    const log = join(cwd, 'log');
    await writeFile(log, 'before\n');
    const result = await runShell('echo 1; echo 2 >&2; echo 3', {
      cwd,
      env,
      stdoutFile: log,
      stderrFile: log,
    });
    expect(await readFile(log, 'utf8')).toBe('before\n1\n2\n3\n');
    expect(result.stdoutTail).toBe('1\n2\n3\n');
  });

  it('runs in a group of its own, which our Ctrl-C does not reach', async () => {
    const { stdoutTail } = await runShell('echo $$; ps -o pgid= -p $$', { cwd, env });
    const [pid, group] = stdoutTail.trim().split(/\s+/);
    expect(group).toBe(pid);
  });

  it('names the signal that ended the command', async () => {
    expect(await runShell('kill -HUP $$', { cwd, env })).toMatchObject({ exitCode: null, signal: 'SIGHUP' });
  });

  it('stops the whole tree when the time is up', async () => {
    const mark = sweptMark(createMark());
    const text = 'sh -c \'trap "" TERM; echo $$ >>pids; sleep 1000\' & wait';
    const result = await runShell(text, { cwd, env, mark, timeoutMs: 100, graceMs: 50 });
    expect(result).toMatchObject({ timedOut: true, aborted: false, exitCode: null, signal: 'SIGTERM' });
    expect(result.stopped.killed.length).toBeGreaterThan(0);
    expect(await findMarked(mark)).toEqual([]);
  });

  it('stops the whole tree when aborted, and does not start when aborted before', async () => {
    const mark = sweptMark(createMark());
    const controller = new AbortController();
    const running = runShell('echo $$ >>pids; sleep 1000', {
      cwd,
      env,
      mark,
      abortSignal: controller.signal,
    });
    const [root] = await identitiesIn(join(cwd, 'pids'), 1);
    controller.abort();
    expect(await running).toMatchObject({ aborted: true, timedOut: false, signal: 'SIGTERM' });
    expect(root !== undefined && isAlive(root)).toBe(false);

    const late = await runShell('touch started', { cwd, env, abortSignal: controller.signal });
    expect(late).toMatchObject({ aborted: true, exitCode: null, signal: null });
    await expect(readFile(join(cwd, 'started'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends leftovers that hold the output open, or keeps them', async () => {
    const text = "sh -c 'echo $$ >>pids; exec sleep 1000' & read _ <gate; echo done";
    const mark = sweptMark(createMark());
    const gate = makeFifo(join(cwd, 'gate'));
    const pids = join(cwd, 'pids');

    const first = runShell(text, { cwd, env, mark });
    const [ended] = await identitiesIn(pids, 1);
    await openGate(gate);
    expect(await first).toMatchObject({
      exitCode: 0,
      stdoutTail: 'done\n',
      stopped: { terminated: [ended] },
    });

    const second = runShell(text.replace('pids', 'pids2'), { cwd, env, mark, leftovers: 'keep' });
    const kept = await identitiesIn(`${pids}2`, 1);
    await openGate(gate);
    expect(await second).toMatchObject({ exitCode: 0, stdoutTail: 'done\n' });
    expect(kept.filter(isAlive)).toEqual(kept);
  });

  it('throws for what could not start, and only for that', async () => {
    const request = { command: 'no-such-program', args: [], cwd, env };
    await expect(runCommand(request)).rejects.toMatchObject({ code: 'PWT_COMMAND_NOT_FOUND' });
    const sh = { ...request, command: 'sh' };
    await expect(runCommand({ ...sh, cwd: 'x' })).rejects.toMatchObject({ code: 'PWT_PROCESS_BAD_REQUEST' });
    await expect(runCommand({ ...sh, args: ['\0'] })).rejects.toMatchObject({
      code: 'PWT_PROCESS_BAD_REQUEST',
    });
    await expect(runCommand({ ...sh, cwd: join(cwd, 'x') })).rejects.toMatchObject({
      code: 'PWT_CWD_NOT_FOUND',
    });
    const tooLong = { ...sh, args: ['-c', ':', 'x'.repeat(10_000_000)] };
    await expect(runCommand(tooLong)).rejects.toMatchObject({ code: 'PWT_PROCESS_START_FAILED' });
  });
});
