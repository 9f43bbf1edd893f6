import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentConfig, findSandbox } from '../../src/index.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { SandboxFiles } from '../../src/sandbox/sandbox-files.js';
import { writablePlaces } from '../../src/sandbox/writable-places.js';
import { finished } from '../support.js';
import { Scene } from './scene.js';

const run = promisify(execFile);

/** Why the tests are skipped where the sandbox is of another kind. */
const OTHER = 'this is not bubblewrap';

let missing: string | undefined;
let scene: Scene;

beforeAll(async () => {
  const support = await findSandbox(process.env);
  missing = support.tool === undefined ? support.missing : support.tool.kind === 'bwrap' ? undefined : OTHER;
});
beforeEach(async () => {
  scene = await Scene.make();
});
afterEach(() => scene.remove());

const shell = (script: string): AgentConfig => ({ command: ['sh', '-ec', script] });
const required = { mode: 'required' } as const;
const head = (ref: string) => scene.git(scene.repo, 'rev-parse', ref).trim();

/** What git is used for in a worktree; ends with a clean tree and two commits. */
const WORK = `
echo two >>a.txt; git add a.txt; git commit -q -m "first"
echo three >>a.txt; git stash push -q; git stash pop -q; git commit -qam "second"
git commit -q --amend -m "second, better"
git branch aside; git branch -D -q aside; git tag t; git tag -d t >/dev/null
git config core.hooksPath "$PWD/.hooks"; git config --unset core.hooksPath
git rebase -q --onto HEAD~2 HEAD~2; git gc -q; git fsck --no-dangling
test -z "$(git status --porcelain)"; test "$(git rev-list --count main..HEAD)" = 2
echo x >"$(mktemp)"; echo x >/tmp/scratch; echo x >/var/tmp/scratch
mkdir -p "$HOME/.cache/tool"; echo x >"$HOME/.cache/tool/entry"
`;

/** Installs out of npm's cache, and runs a test of what it has installed. */
const NPM = `
npm install --offline --no-audit --no-fund --loglevel=error >/dev/null
node --test >/dev/null; git add package.json check.test.js; git commit -q -m npm
`;

/** A package in npm's cache, from a registry that is gone by then, and a worktree that needs it. */
async function withPackage(): Promise<void> {
  const dep = join(scene.root, 'dep');
  await mkdir(dep);
  await writeFile(join(dep, 'package.json'), '{"name":"dep","version":"1.0.0","main":"index.js"}');
  await writeFile(join(dep, 'index.js'), 'module.exports = 7;\n');
  const npm = (...args: string[]) => run('npm', args, { cwd: scene.root, env: { ...scene.env, ...QUIET } });
  await npm('pack', '--silent', './dep');
  const tarball = readFileSync(join(scene.root, 'dep-1.0.0.tgz'));
  const server = createServer(({ url, headers }, response) => {
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const dist = { tarball: `http://${headers.host}/dep/-/dep-1.0.0.tgz`, integrity };
    const versions = { '1.0.0': { name: 'dep', version: '1.0.0', dist } };
    response.end(
      url?.endsWith('.tgz')
        ? tarball
        : JSON.stringify({ name: 'dep', 'dist-tags': { latest: '1.0.0' }, versions }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await writeFile(join(scene.home, '.npmrc'), `registry=${registry}\nupdate-notifier=false\n`);
  await mkdir(join(scene.root, 'first'));
  await npm('install', '--prefix', 'first', '--no-audit', '--no-fund', 'dep@1.0.0');
  server.closeAllConnections();
  server.close();
  await writeFile(
    join(scene.worktree, 'package.json'),
    '{"name":"app","version":"1.0.0","dependencies":{"dep":"1.0.0"}}',
  );
  await writeFile(
    join(scene.worktree, 'check.test.js'),
    "const assert = require('node:assert'); require('node:test')('dep', () => assert.equal(require('dep'), 7));\n",
  );
}

const QUIET = { npm_config_update_notifier: 'false' };

describe('ordinary work in the sandbox', () => {
  it.each(['off', 'required'] as const)(
    'goes as without one: git (%s)',
    async (mode) => {
      if (mode === 'required' && missing !== undefined) return;
      const before = head('feature/us-020');
      const { exit } = await scene.run(shell(WORK), { mode });
      expect(readFileSync(join(scene.state, 'stderr.log'), 'utf8')).toBe('');
      expect(exit).toMatchObject({ kind: 'exited', exitCode: 0 });
      expect(scene.git(scene.repo, 'log', '--format=%s', `${before}..feature/us-020`)).toBe(
        'second, better\nfirst\n',
      );
      expect(scene.git(scene.worktree, 'status', '--porcelain', '--branch')).toBe('## feature/us-020\n');
      expect(readFileSync(join(scene.home, '.cache/tool/entry'), 'utf8')).toBe('x\n');
      expect(existsSync(new SandboxFiles(scene.state).dir)).toBe(false);
    },
    60_000,
  );

  it('installs with npm and runs tests', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    await withPackage();
    const { exit } = await scene.run(shell(NPM), { ...required, network: 'off' });
    expect(readFileSync(join(scene.state, 'stderr.log'), 'utf8')).toBe('');
    expect(exit, readFileSync(join(scene.state, 'stdout.log'), 'utf8')).toMatchObject({ exitCode: 0 });
    expect(scene.git(scene.repo, 'log', '-1', '--format=%s', 'feature/us-020')).toBe('npm\n');
  }, 60_000);

  it('reaches the network of this machine, or not', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    const server = createTcpServer((connection) => connection.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const ask = shell(
      `node -e 'require("net").connect(${port},"127.0.0.1").on("data",()=>process.exit(0)).on("error",()=>process.exit(9))'`,
    );
    expect((await scene.run(ask, required)).exit.exitCode).toBe(0);
    expect((await scene.run(ask, { ...required, network: 'off' }, 2)).exit.exitCode).toBe(9);
    server.close();
  }, 60_000);

  it('writes what the user adds', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    const add = { ...required, paths: ['~/.extra', scene.outside] };
    await mkdir(join(scene.home, '.extra'));
    const { exit } = await scene.run(shell('echo x >~/.extra/a; echo x >"$OUT/b"'), add);
    expect(exit.exitCode).toBe(0);
    expect([join(scene.home, '.extra/a'), join(scene.outside, 'b')].filter(existsSync)).toHaveLength(2);
  }, 60_000);
});

describe('what comes back from the sandbox', () => {
  const commit = 'echo two >>a.txt; git commit -qam "mine"';
  /** Ends when the test says so. */
  const committing = `${commit}; echo ready; while [ ! -e go ]; do sleep 0.02; done`;
  const committed = () =>
    expect
      .poll(() => readFileSync(join(scene.state, 'stdout.log'), 'utf8'), { timeout: 30_000 })
      .toContain('ready');

  it('is a new branch that the agent has checked out', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    await scene.run(shell(`git switch -q -c other/name; ${commit}`), required);
    expect(scene.git(scene.repo, 'log', '-1', '--format=%s', 'other/name')).toBe('mine\n');
    expect(scene.git(scene.worktree, 'status', '--porcelain', '--branch')).toBe('## other/name\n');
  }, 60_000);

  it('is a ref of its own for whatever else it did to refs, and is told', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    const sibling = head('feature/us-021');
    const { events } = await scene.run(
      shell('echo two >>a.txt; git stash push -q -m s; git update-ref refs/heads/feature/us-021 HEAD'),
      required,
    );
    expect(head('feature/us-021')).toBe(sibling);
    const kept = scene.git(scene.repo, 'for-each-ref', '--format=%(refname)', 'refs/pwt').trim().split('\n');
    expect(kept.map((ref) => ref.replace(/test-\w+/, 'RUN')).sort()).toEqual([
      'refs/pwt/RUN/sandbox/20/1/heads/feature/us-021',
      'refs/pwt/RUN/sandbox/20/1/stash',
    ]);
    expect(events.filter(({ kind }) => kind === 'error').map(({ text }) => text)).toEqual([
      expect.stringContaining('refs/heads/feature/us-021'),
      expect.stringContaining('refs/stash'),
    ]);
  }, 60_000);

  it('is brought back also where the agent has closed what holds it', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    if (process.getuid?.() === 0) return skip('nothing is closed to root');
    const close = 'd=$(git rev-parse --git-common-dir); chmod -R a-rwx "$d/refs/heads"; chmod a-rwx "$d"';
    await scene.run(shell(`${commit}; ${close}`), required);
    expect(scene.git(scene.repo, 'log', '-1', '--format=%s', 'feature/us-020')).toBe('mine\n');
  }, 60_000);

  it('never overwrites a branch that others have moved meanwhile', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    const launcher = scene.launcher(shell(committing), required);
    const request = scene.request();
    const run = await launcher.launch(request);
    await committed();
    const theirs = scene.git(scene.repo, 'commit-tree', '-m', 'theirs', 'main^{tree}').trim();
    scene.git(scene.repo, 'update-ref', 'refs/heads/feature/us-020', theirs);
    await writeFile(join(scene.worktree, 'go'), '');
    const { events } = await finished(run);
    expect(head('feature/us-020')).toBe(theirs);
    expect(events.at(-1)?.text).toMatch(/was moved by others meanwhile/);
    const kept = `refs/pwt/${request.attempt.runId}/sandbox/20/1/heads/feature/us-020`;
    expect(scene.git(scene.repo, 'log', '-1', '--format=%s', kept)).toBe('mine\n');
  }, 60_000);

  it('comes back once, however often it is brought, and after a program that died before', async ({
    skip,
  }) => {
    if (missing !== undefined) return skip(missing);
    const request = scene.request();
    const launcher = scene.launcher(shell(committing), required);
    const copy = join(scene.root, 'copy');
    const run = await launcher.launch({ ...request });
    const files = new SandboxFiles(scene.state);
    await committed();
    // The folder as it is for a program that comes after one that has died meanwhile.
    await cp(files.dir, copy, { recursive: true });
    await writeFile(join(scene.worktree, 'go'), '');
    await finished(run);
    const brought = head('feature/us-020');
    await cp(copy, files.dir, { recursive: true });
    expect(existsSync(join(files.dir, 'record.json'))).toBe(true);
    const later = await scene.launcher(shell('exit 1'), { mode: 'off' }).attach(request.attempt);
    expect((await later?.exited)?.exitCode).toBe(0);
    expect(head('feature/us-020')).toBe(brought);
    expect(existsSync(files.dir)).toBe(false);
  }, 60_000);
});

describe('places that an agent may write', () => {
  it('are not where a link leads that an agent before it has made', async () => {
    await rm(join(scene.home, '.cache/go-build'), { recursive: true, force: true });
    await symlink(scene.outside, join(scene.home, '.cache/go-build'));
    const env = { HOME: scene.home, GOCACHE: join(scene.home, '.cache/go-build') };
    const mounts = await writablePlaces({ folders: [], paths: [], env, inside: [] });
    expect(mounts.map(({ to }) => to)).not.toContain(scene.outside);
    expect(mounts.map(({ to }) => to)).toContain(join(scene.home, '.cache'));
  });
});

describe('without a sandbox on this machine', () => {
  const sandbox = (mode: 'auto' | 'required' | 'off') =>
    new Sandbox({ options: { mode }, env: { PATH: '/nowhere' } });

  it('nothing starts where one is required', async () => {
    await expect(sandbox('required').check()).rejects.toMatchObject({ code: 'PWT_SANDBOX_UNAVAILABLE' });
  });

  it('agents start without, and that is said', async () => {
    expect(await sandbox('auto').check()).toMatchObject([
      { code: 'PWT_SANDBOX_UNAVAILABLE', severity: 'warning', hint: expect.stringContaining('bubblewrap') },
    ]);
    expect(await sandbox('auto').tool()).toBeUndefined();
  });

  it('nothing is said where none is wanted', async () => {
    expect(await sandbox('off').check()).toEqual([]);
  });
});
