import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

const run = promisify(execFile);

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const makeBench = async () => {
  bench = await Workbench.create(program, spec(1, 'one.txt', '@claims', '@commit one'));
};
/** Nothing was made: no worktree, no branch, no run. */
async function expectNothing(): Promise<void> {
  expect(await bench.repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect((await bench.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
  expect((await bench.pwt(['status', '--json'])).stdout).not.toContain('"run"');
}

describe('what would keep work from going on is said before an agent has worked', () => {
  it('a template that puts worktrees where none can be', async () => {
    await makeBench();
    const { exitCode, stderr } = await bench.run(['--worktree', 'README.md/{id}']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('PWT_WORKTREE_LOCATION');
    await expectNothing();
  });

  it('a place for worktrees that is none any more when a run goes on', async () => {
    await makeBench();
    const failed = await bench.run(['--worktree', '../trees/{id}'], ['sh', '-c', 'exit 1']);
    expect(failed.stdout).toContain('1 failed');
    const trees = join(bench.repository.parent, 'trees');
    await rename(trees, join(bench.repository.parent, 'moved'));
    await writeFile(trees, '');
    const { exitCode, stdout, stderr } = await bench.pwt(['retry', '1']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('PWT_WORKTREE_LOCATION');
    expect(stdout).not.toContain('starts over');
    const { tasks } = JSON.parse((await bench.pwt(['status', '--json'])).stdout);
    expect(tasks).toMatchObject([{ taskId: '1', status: 'failed', reason: expect.stringContaining('exit') }]);
  });

  it('a folder above in which the user may not write; another place then works, for the gate too', async () => {
    await makeBench();
    const { parent, path, env } = bench.repository;
    // Root may write anywhere, so there it is tried as the user with the highest id.
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const home = join(parent, 'home');
    await mkdir(home);
    if (isRoot) {
      for (const folder of [path, home]) await run('chown', ['-R', '65534:65534', folder]);
      await chown(parent, 0, 0);
    }
    await chmod(parent, 0o555);
    const pwt = async (...args: readonly string[]) => {
      const child = execFile(process.execPath, [program, ...args], {
        ...user,
        cwd: path,
        env: { ...env, HOME: home, XDG_STATE_HOME: home },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (text: string) => {
          output += text;
        });
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, output };
    };
    try {
      const refused = await pwt(...runArguments(), '--', ...scriptedAgent);
      expect(refused.output).toMatch(/PWT_WORKTREE_LOCATION.*you may not write in/);
      expect((await pwt('doctor')).output).toContain('you may not write in');
      const elsewhere = ['--worktree', join(home, '{repo}-{id}'), '--gate', 'test -e one.txt'];
      const landed = await pwt(...runArguments(elsewhere), '--', ...scriptedAgent);
      expect(landed.output).toContain('1 landed');
    } finally {
      await chmod(parent, 0o755);
    }
  });

  it('a HOME in which nothing can be kept: every command says how to name another folder', async () => {
    await makeBench();
    const env = { HOME: '/dev/null', XDG_STATE_HOME: '' };
    for (const command of ['status', 'doctor']) {
      const { stdout, stderr } = await bench.pwt([command], { env });
      expect(stdout + stderr).toContain('export XDG_STATE_HOME=');
      expect(stdout + stderr).not.toContain('PWT_INTERNAL');
    }
  });

  it('a TMPDIR that is missing: a warning, and everything lands', async () => {
    await makeBench();
    const env = { TMPDIR: join(bench.repository.parent, 'missing') };
    const args = [...runArguments(['--gate', 'test -e one.txt']), '--', ...scriptedAgent];
    const { exitCode, stdout, stderr } = await bench.pwt(args, { env });
    expect(stdout + stderr).toContain('PWT_TMPDIR_UNUSABLE');
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await bench.pwt(['doctor'], { env })).stdout).toContain('unset TMPDIR');
  });
});

describe('a worktree that the agent has deleted', () => {
  it('the command that is printed leads out, and the work lands', async () => {
    await makeBench();
    const { path } = bench.repository;
    const script = `echo work >one.txt && git add one.txt && git commit -qm work && cd / && rm -rf "$PWT_WORKTREE"`;
    const held = await bench.run([], ['/bin/sh', '-c', script]);
    expect(held.stdout).toContain('PWT_WORKTREE_BROKEN');
    const command = /To go on: (git worktree add .* && pwt resume)/.exec(held.stdout)?.[1] ?? 'false';
    // Doctor sees it, and says the same.
    expect((await bench.pwt(['doctor'])).stdout).toContain(command);
    const followed = await run('/bin/sh', ['-c', `pwt() { "$node" "$program" "$@"; }; ${command}`], {
      cwd: path,
      env: { ...bench.env, node: process.execPath, program },
    });
    expect(followed.stdout).toContain('1 landed');
    expect(await bench.repository.git('show', 'main:one.txt')).toBe('work');
    expect((await bench.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
  });
});

describe('a current folder that cannot be named', () => {
  it('because it was deleted', async () => {
    await makeBench();
    const cwd = join(bench.repository.parent, 'gone');
    await mkdir(cwd);
    const script = 'cd gone && rmdir ../gone && exec "$0" "$1" "$2"';
    for (const command of ['doctor']) {
      await mkdir(cwd, { recursive: true });
      const { stdout, stderr } = await run(
        '/bin/sh',
        ['-c', `${script}; true`, process.execPath, program, command],
        {
          cwd: bench.repository.parent,
          env: { ...bench.env, PWD: bench.repository.parent },
        },
      ).catch((error: { stdout: string; stderr: string }) => error);
      expect(stdout + stderr).toContain('is not a directory');
      expect(stdout + stderr).not.toContain('PWT_INTERNAL');
      await rm(cwd, { recursive: true, force: true });
    }
  });

  it('because its name is no UTF-8', async () => {
    await makeBench();
    const { path, parent } = bench.repository;
    await rename(path, Buffer.concat([Buffer.from(`${parent}/caf`), Buffer.of(0xe9)]));
    const { stderr } = await run(
      '/bin/sh',
      ['-c', 'cd caf* && exec "$0" "$1" status', process.execPath, program],
      {
        cwd: parent,
        env: bench.env,
      },
    ).catch((error: { stderr: string }) => error);
    expect(stderr).toContain('PWT_PATH_NOT_UTF8');
  });
});
