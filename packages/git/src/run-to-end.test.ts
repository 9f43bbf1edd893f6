import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type RunToEndRequest, runToEnd } from './run-to-end.js';

const request = { cwd: tmpdir(), env: { PATH: '/bin:/usr/bin' }, detached: false, maxOutputBytes: 1_000_000 };

const sh = (script: string, more: Partial<RunToEndRequest> = {}) =>
  runToEnd('sh', ['-c', script], { ...request, ...more });

describe('runToEnd', () => {
  it('reads both outputs to their end, of what the program has started too', async () => {
    const end = await sh('cat; echo two >&2; (echo later) & exit 3', { input: 'one\n' });
    expect({ ...end, stdout: `${end.stdout}`, stderr: `${end.stderr}` }).toEqual({
      ...{ exitCode: 3, stdout: 'one\nlater\n', stderr: 'two\n' },
    });
  });

  it('has an empty input without one, and takes a program that does not read its own', async () => {
    expect(`${(await sh('wc -c')).stdout}`.trim()).toBe('0');
    expect((await sh('exit 0', { input: Buffer.alloc(4_000_000) })).exitCode).toBe(0);
  });

  it('says what has ended a program, and ends one that prints too much', async () => {
    expect(await sh('kill -KILL $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    const { signal, stdout } = await sh('exec yes', { maxOutputBytes: 100_000 });
    expect(signal).toBe('SIGTERM');
    expect(stdout.length).toBeLessThanOrEqual(100_000);
  });

  it('says why a program could not be started, at once or later', async () => {
    const cause = async (program: string, args: readonly string[]) =>
      (await runToEnd(program, args, request)).cause?.code;
    expect(await cause('no-such-program', [])).toBe('ENOENT');
    expect(await cause('sh', ['\0'])).toBe('ERR_INVALID_ARG_VALUE');
    expect(await cause('sh', ['x'.repeat(4_000_000)])).toBe('E2BIG');
  });

  it('hands the process over, and says when it is not needed any more', async () => {
    const seen: string[] = [];
    await sh('read line', {
      input: undefined,
      onStart: (child) => {
        void once(child, 'exit').then(() => seen.push('exit'));
        return () => seen.push('forgotten');
      },
    });
    expect(seen).toEqual(['exit', 'forgotten']);
  });
});
