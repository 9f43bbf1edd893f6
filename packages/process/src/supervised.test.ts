import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  env,
  identitiesIn,
  linesOf,
  makeFifo,
  onCleanup,
  openGate,
  shells,
  sweptMark,
  temporaryDirectory,
} from '../test/support.js';
import {
  attachSupervised,
  createMark,
  findMarked,
  identify,
  isAlive,
  type LeaseTaken,
  type NeverStarted,
  type StartSupervisedRequest,
  type Supervised,
  selfIdentity,
  startSupervised,
} from './index.js';

let root: string;

beforeEach(async () => {
  root = await temporaryDirectory();
});

function request(text: string, changes: Partial<StartSupervisedRequest> = {}): StartSupervisedRequest {
  return {
    command: 'sh',
    args: ['-c', text],
    cwd: root,
    env,
    dir: join(root, 'state'),
    stdoutFile: join(root, 'out'),
    stderrFile: join(root, 'err'),
    mark: sweptMark(createMark()),
    ...changes,
  };
}

function supervised(outcome: Supervised | LeaseTaken | NeverStarted): Supervised {
  if (outcome.status !== 'supervised') throw new Error(`not supervised: ${outcome.status}`);
  onCleanup(async () => outcome.release());
  return outcome;
}

const start = async (text: string, changes: Partial<StartSupervisedRequest> = {}): Promise<Supervised> =>
  supervised(await startSupervised(request(text, changes)));

const attach = async (dir = join(root, 'state')): Promise<Supervised> =>
  supervised(await attachSupervised({ dir }));

const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');

describe.each(shells.map((shell) => ({ name: shell.join(' '), shell })))(
  'a supervisor in $name',
  ({ shell }) => {
    it('gives the command its arguments, directory, environment and stdin, and keeps its output', async () => {
      const odd = 'a "b" $(touch pwned) `x`; *\n\\';
      const stdinFile = join(root, 'in');
      await writeFile(stdinFile, 'first\nsecond\n');
      const script = `
      const { argv, env } = process;
      const stdin = require('node:fs').readFileSync(0, 'utf8');
      console.log(JSON.stringify({ arg: argv[1], cwd: process.cwd(), stdin, ODD: env.ODD, mark: env.PWT_MARK }));
      console.error('warned');
    `;
      const command = {
        command: process.execPath,
        args: ['-e', script, odd],
        env: { ...env, ODD: odd },
        stdinFile,
      };
      const run = await start('', { ...command, shell });
      expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
      const seen = JSON.parse(await read('out'));
      expect(seen).toEqual({ arg: odd, cwd: root, stdin: 'first\nsecond\n', ODD: odd, mark: run.mark });
      expect(await read('err')).toBe('warned\n');
      expect((await readdir(root)).sort()).toEqual(['err', 'in', 'out', 'state']);
      expect((await readdir(run.dir)).sort()).toEqual(['command', 'exit', 'lease']);
    });

    it.each([
      ['exit 0', { kind: 'exited', exitCode: 0 }],
      ['exit 1', { kind: 'exited', exitCode: 1 }],
      ['exit 127', { kind: 'exited', exitCode: 127 }],
      ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL', exitCode: 137 }],
      ['kill -INT $$', { kind: 'signalled', signal: 'SIGINT', exitCode: 130 }],
    ])('records %s, for its starter and for one that comes later', async (text, expected) => {
      const run = await start(text, { shell });
      expect(await run.exited).toEqual(expected);
      expect(await (await attach()).exited).toEqual(expected);
    });

    it('does not leave SIGINT ignored, and survives signals meant for its group', async () => {
      const text = 'trap "echo got; exit 3" INT; echo yes >ready; while :; do sleep 0.01; done';
      const run = await start(text, { shell });
      await linesOf(join(root, 'ready'), 1);
      process.kill(run.identity.pid, 'SIGTERM');
      process.kill(run.identity.pid, 'SIGHUP');
      process.kill(-run.identity.pid, 'SIGINT');
      expect(await run.exited).toEqual({ kind: 'exited', exitCode: 3 });
      expect(await read('out')).toBe('got\n');
    });

    it('nests its mark in the one that it was given', async () => {
      const run = await start('echo "$PWT_MARK"', { shell, env: { ...env, PWT_MARK: 'outer' } });
      await run.exited;
      expect(await read('out')).toBe(`outer,${run.mark}\n`);
    });

    it('starts exactly one of two commands that want one directory', async () => {
      const requests = Array.from({ length: 6 }, () => request('echo ran >>ran', { shell }));
      const outcomes = await Promise.all(requests.map(startSupervised));
      const winners = outcomes.filter((outcome) => outcome.status === 'supervised');
      const losers = outcomes.filter((outcome) => outcome.status === 'lease-taken');
      expect(winners).toHaveLength(1);
      for (const loser of losers)
        expect(loser).toMatchObject({ by: 'supervisor', identity: winners[0]?.identity });
      expect(await winners[0]?.exited).toEqual({ kind: 'exited', exitCode: 0 });
      expect(await read('ran')).toBe('ran\n');
      expect((await readdir(join(root, 'state'))).sort()).toEqual(['command', 'exit', 'lease']);
    });
  },
);

describe('startSupervised', () => {
  it('throws before anything starts when there is nothing to start', async () => {
    const missing = request('', { command: 'no-such-program' });
    await expect(startSupervised(missing)).rejects.toMatchObject({ code: 'PWT_COMMAND_NOT_FOUND' });
    const noInput = request('', { stdinFile: join(root, 'none') });
    await expect(startSupervised(noInput)).rejects.toMatchObject({ code: 'PWT_PROCESS_START_FAILED' });
    const relative = request('', { dir: 'state' });
    await expect(startSupervised(relative)).rejects.toMatchObject({ code: 'PWT_PROCESS_BAD_REQUEST' });
    const gone = request('', { cwd: join(root, 'gone') });
    await expect(startSupervised(gone)).rejects.toMatchObject({ code: 'PWT_CWD_NOT_FOUND' });
    expect(existsSync(join(root, 'state', 'lease'))).toBe(false);
  });

  it('says so when the state directory cannot hold a lease', async () => {
    const unwritable = { code: 'PWT_PROCESS_STATE_UNWRITABLE' };
    await mkdir(join(root, 'state', 'lease'), { recursive: true });
    await expect(startSupervised(request('touch ran'))).rejects.toMatchObject(unwritable);
    if (process.platform === 'linux') {
      const nowhere = request('touch ran', { dir: '/proc/self' });
      await expect(startSupervised(nowhere)).rejects.toMatchObject(unwritable);
    }
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'tells a program that the system cannot execute',
    async ({ skip }) => {
      const program = join(root, 'program');
      await copyFile('/bin/sleep', program);
      const bytes = await readFile(program);
      const loader = bytes.indexOf('/ld-');
      if (loader === -1) skip('sleep is linked statically here');
      bytes.write('/no-', loader);
      await writeFile(program, bytes);
      const run = await start('', { command: program, args: [], shell: ['/bin/dash'] });
      expect(await run.exited).toMatchObject({ kind: 'spawn-failed' });
      expect(await read('err')).toContain('program');
    },
  );

  it('gives an empty stdin where none is named', async () => {
    const run = await start('', { command: 'cat', args: [] });
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
  });
});

describe('attachSupervised', () => {
  it('fences a run that has not started, for good', async () => {
    expect(await attachSupervised({ dir: join(root, 'state') })).toEqual({ status: 'never-started' });
    const late = await startSupervised(request('touch ran'));
    expect(late).toEqual({ status: 'lease-taken', by: 'fence', identity: selfIdentity() });
    expect(existsSync(join(root, 'ran'))).toBe(false);
    expect(await attachSupervised({ dir: join(root, 'state') })).toEqual({ status: 'never-started' });
  });

  it('comes either before or after a start, never in between', async () => {
    for (let round = 0; round < 8; round++) {
      const dir = join(root, `state-${round}`);
      const starting = startSupervised(request(`touch ran-${round}`, { dir }));
      const attaching = attachSupervised({ dir });
      const [started, attached] = await Promise.all([starting, attaching]);
      if (attached.status === 'never-started') {
        expect(started).toMatchObject({ status: 'lease-taken', by: 'fence' });
      } else {
        expect(await supervised(attached).exited).toEqual(await supervised(started).exited);
      }
      expect(existsSync(join(root, `ran-${round}`))).toBe(attached.status === 'supervised');
    }
  });

  it('adopts a running command and sees its end', async () => {
    const gate = makeFifo(join(root, 'gate'));
    await start('read _ <gate; exit 4');
    const adopted = await attach();
    expect(await adopted.members()).toHaveLength(1);
    await openGate(gate);
    expect(await adopted.exited).toEqual({ kind: 'exited', exitCode: 4 });
  });

  it('stops a running command that it adopted', async () => {
    await start('sh -c "sleep 1000" & sleep 1000');
    const adopted = await attach();
    const report = await adopted.stop({ graceMs: 30_000 });
    expect(report.killed).toEqual([]);
    expect(report.terminated.length).toBeGreaterThan(1);
    expect(await adopted.exited).toEqual({ kind: 'signalled', signal: 'SIGTERM', exitCode: 143 });
    expect(await adopted.members()).toEqual([]);
  });

  it('calls a run lost whose supervisor was killed, and still finds and ends its processes', async () => {
    const own = await start('echo $$ >>pids; exec sleep 1000');
    const [command] = await identitiesIn(join(root, 'pids'), 1);
    const adopted = await attach();
    process.kill(own.identity.pid, 'SIGKILL');
    expect(await own.exited).toEqual({ kind: 'lost' });
    expect(await adopted.exited).toEqual({ kind: 'lost' });
    const later = await attach();
    expect(await later.exited).toEqual({ kind: 'lost' });
    expect(await later.members()).toEqual([command]);
    expect(await later.stop({ graceMs: 30_000 })).toMatchObject({ terminated: [command], survivors: [] });
    expect(await findMarked(own.mark)).toEqual([]);
  });

  it('never takes a stranger with a recycled pid for the supervisor or the command', async () => {
    const stranger = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
    onCleanup(async () => stranger.kill('SIGKILL'));
    const { pid, bootId, startTime } = identify(stranger.pid as number) ?? selfIdentity();
    const dir = join(root, 'state');
    await mkdir(dir);
    for (const doctored of [
      { pid, bootId, startTime: '1' },
      { pid, startTime, bootId: 'before the reboot' },
    ]) {
      const record = { ...doctored, mark: createMark() };
      await writeFile(join(dir, 'lease'), JSON.stringify({ role: 'supervisor', ...record }));
      await writeFile(join(dir, 'command'), JSON.stringify({ role: 'command', ...record }));
      const run = await attach();
      expect(await run.exited).toEqual({ kind: 'lost' });
      expect(await run.members()).toEqual([]);
      expect(await run.stop({ graceMs: 0 })).toEqual({ terminated: [], killed: [], survivors: [] });
    }
    expect(isAlive({ pid, startTime, bootId })).toBe(true);
  });

  it('does not guess from a damaged lease', async () => {
    await mkdir(join(root, 'state'));
    for (const text of ['', 'null', '{"role":"supervisor","pid":"7"}', '{"role":"king","pid":7}']) {
      await writeFile(join(root, 'state', 'lease'), text);
      await expect(attach()).rejects.toMatchObject({ code: 'PWT_LEASE_UNREADABLE' });
    }
  });
});

describe('the death of the starter', () => {
  it('does not disturb the command, whose exit another process learns', async () => {
    const library = join(root, 'library.mjs');
    const core = fileURLToPath(new URL('../../core/src/index.ts', import.meta.url));
    await build({
      entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
      outfile: library,
      bundle: true,
      platform: 'node',
      format: 'esm',
      alias: { '@pwt/core': core },
    });
    const gate = makeFifo(join(root, 'gate'));
    const starter = `
      import { startSupervised } from ${JSON.stringify(library)};
      await startSupervised(JSON.parse(process.argv[2]));
      process.stdout.write('started');
      setInterval(() => {}, 1000);
    `;
    await writeFile(join(root, 'starter.mjs'), starter);
    const text = 'echo before; echo before >&2; read _ <gate; echo after; echo after >&2; exit 5';
    const child = spawn(process.execPath, [join(root, 'starter.mjs'), JSON.stringify(request(text))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

    const adopted = await attach();
    expect(isAlive(adopted.identity)).toBe(true);
    await openGate(gate);
    expect(await adopted.exited).toEqual({ kind: 'exited', exitCode: 5 });
    expect(await read('out')).toBe('before\nafter\n');
    expect(await read('err')).toBe('before\nafter\n');
  });
});

describe('stop', () => {
  it('ends what ignores SIGTERM, and waits for the exit record', async () => {
    const run = await start('trap "" TERM; echo ready >>pids; while :; do sleep 1000; done');
    await linesOf(join(root, 'pids'), 1);
    const report = await run.stop({ graceMs: 50 });
    expect(report.killed).not.toEqual([]);
    expect(report.survivors).toEqual([]);
    expect(await read('state/exit')).toMatch(/^exited +137\n$/);
    expect(await run.exited).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  });

  it('waits for a supervisor that is slow to record the exit', async () => {
    const run = await start('exec sleep 1000');
    process.kill(run.identity.pid, 'SIGSTOP');
    const stopping = run.stop({ graceMs: 30_000 });
    await expect.poll(() => run.members(), { interval: 2 }).toEqual([]);
    expect(existsSync(join(run.dir, 'exit'))).toBe(false);
    process.kill(run.identity.pid, 'SIGCONT');
    expect((await stopping).terminated).toHaveLength(1);
    expect(existsSync(join(run.dir, 'exit'))).toBe(true);
  });

  it('lets a command end in its own way, with its own status', async () => {
    const run = await start('trap "exit 9" TERM; echo ready >>pids; while :; do sleep 0.01; done');
    await linesOf(join(root, 'pids'), 1);
    await run.stop({ graceMs: 30_000 });
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 9 });
  });

  it('may come at any time: right after the start, twice, and after the end', async () => {
    const run = await start('exec sleep 1000');
    await Promise.all([run.stop({ graceMs: 1000 }), run.stop({ graceMs: 1000 })]);
    expect(await run.exited).toMatchObject({ kind: 'signalled' });
    expect(await run.stop({ graceMs: 0 })).toEqual({ terminated: [], killed: [], survivors: [] });
  });

  it('ends what an ended command left running', async () => {
    const run = await start('sh -c "echo \\$\\$ >>pids; exec sleep 1000" & exit 0');
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
    const left = await identitiesIn(join(root, 'pids'), 1);
    expect(await run.members()).toEqual(left);
    expect((await run.stop({ graceMs: 30_000 })).terminated).toEqual(left);
    expect(left.filter(isAlive)).toEqual([]);
  });
});
