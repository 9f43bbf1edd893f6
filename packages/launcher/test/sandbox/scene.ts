import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Git } from '@pwt/git';
import { findResidents, sweep } from '@pwt/process';
import type { AgentConfig } from '../../src/index.js';
import { ProcessLauncher, resolveAgent, type SandboxOptions } from '../../src/index.js';
import { finished, requestIn } from '../support.js';
import type { Escape } from './escapes.js';

/** A user's machine in small: home, checkout, two worktrees of tasks, a folder, a process and sockets of theirs. */
export class Scene {
  readonly root: string;
  readonly repo: string;
  readonly common: string;
  readonly worktree: string;
  readonly sibling: string;
  readonly outside: string;
  readonly home: string;
  readonly state: string;
  readonly env: Record<string, string>;
  readonly #token: string;
  readonly #victim: ReturnType<typeof spawn>;
  readonly #received: string[] = [];
  readonly #close: (() => void)[] = [];

  private constructor(root: string) {
    this.root = root;
    this.#token = `escaped-${root.slice(-6)}`;
    this.repo = join(root, 'repo');
    this.common = join(this.repo, '.git');
    this.worktree = join(root, 'wt20');
    this.sibling = join(root, 'wt21');
    this.outside = join(root, 'outside');
    this.home = join(root, 'home');
    this.state = join(this.common, 'pwt/runs/r1/tasks/20/1');
    this.env = {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: this.home,
      // Node hands it on otherwise, and its folder is not the agent's to write.
      NODE_V8_COVERAGE: '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    };
    const cwd = existsSync(this.outside) ? this.outside : root;
    this.#victim = spawn('sleep', ['600'], { cwd, stdio: 'ignore', env: {} });
  }

  static async make(): Promise<Scene> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'pwt-sandbox-')));
    await mkdir(join(root, 'outside'));
    const scene = new Scene(root);
    await scene.#furnish();
    return scene;
  }

  async #furnish(): Promise<void> {
    for (const folder of [
      'home/.cargo/git',
      'home/.cargo/registry',
      'home/.agent/commands',
      'home/.cache',
      'repo/.git/refs/pwt/kept',
    ]) {
      await mkdir(join(this.root, folder), { recursive: true });
    }
    for (const file of ['outside/kept', 'outside/movable', 'home/.bashrc', 'home/.agent/settings.json']) {
      await writeFile(join(this.root, file), 'mine\n');
    }
    this.git(this.repo, 'init', '-q', '-b', 'main');
    await writeFile(join(this.repo, 'a.txt'), 'one\n');
    this.git(this.repo, 'add', '.');
    this.git(this.repo, 'commit', '-q', '-m', 'start');
    for (const [path, branch] of [
      [this.worktree, 'feature/us-020'],
      [this.sibling, 'feature/us-021'],
    ] as const) {
      this.git(this.repo, 'worktree', 'add', '-q', '-b', branch, path);
    }
    // Only on its branch and in its reflog: what a clean-up of objects must not take.
    this.git(this.sibling, 'commit', '-q', '--allow-empty', '-m', 'of the sibling');
    await mkdir(join(this.common, 'pwt/runs/r1'), { recursive: true });
    await writeFile(join(this.common, 'pwt/runs/r1/journal.jsonl'), '');
    for (const path of [join(this.home, 'socket'), join(this.outside, 'socket')]) {
      const server = createServer((connection) =>
        connection.on('data', (data) => this.#received.push(String(data))),
      );
      server.listen(path);
      await once(server, 'listening');
      this.#close.push(() => server.close());
    }
  }

  git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs an agent in the worktree of task 20, to its end. */
  async run(agent: AgentConfig, sandbox: SandboxOptions, number = 1) {
    const launcher = this.launcher(agent, sandbox);
    const request = this.request(number);
    return finished(await launcher.launch(request));
  }

  request(number = 1) {
    const request = requestIn(
      { root: this.root, worktree: this.worktree },
      { number, stateDir: this.state.replace(/1$/, String(number)) },
    );
    return request;
  }

  launcher(agent: AgentConfig, sandbox: SandboxOptions): ProcessLauncher {
    const folders = [{ path: '~/.agent', keeps: { 'settings.json': '{}\n', commands: null } }];
    return new ProcessLauncher({
      agents: [{ ...resolveAgent(agent), folders }],
      env: { ...this.env, ...this.variables() },
      cwd: this.repo,
      stopGraceMs: 500,
      sandbox,
      repository: { git: new Git({ cwd: this.repo, env: this.env }), commonDir: this.common },
    });
  }

  variables(): Record<string, string> {
    return {
      REPO: this.repo,
      COMMON: this.common,
      SIBLING: this.sibling,
      OUT: this.outside,
      VICTIM: String(this.#victim.pid),
      SOCKET: join(this.home, 'socket'),
      STATE: this.state,
      TOKEN: this.#token,
    };
  }

  /** Everything outside of what the agent of task 20 may change, as text: what differs is an escape. */
  async outsideState(): Promise<string[]> {
    const may = [
      this.worktree,
      join(this.common, 'worktrees/wt20'),
      join(this.common, 'objects'),
      join(this.common, 'pwt/runs/r1/tasks'),
      // Where pwt puts what an agent did to its copies of other refs.
      ...this.#keptRefs(),
      join(this.common, 'refs/heads/feature/us-020'),
      join(this.common, 'logs/refs/heads/feature/us-020'),
      ...['.cache', '.npm'].map((name) => join(this.home, name)),
    ];
    const kept = ['commondir', 'gitdir', 'config.worktree'].map((name) =>
      join(this.common, 'worktrees/wt20', name),
    );
    const lines = [
      ...treeOf(this.root, this.root, may),
      ...[...kept, join(this.worktree, '.git')].map((path) => lineOf(path, this.root)),
      lineOf(join(this.common, 'objects/info'), this.root),
      lineOf(join(this.common, 'objects/info/alternates'), this.root),
      lineOf(`/tmp/${this.#token}`, this.root),
      `victim ${this.#victim.exitCode ?? this.#victim.signalCode ?? 'alive'}`,
      `received ${JSON.stringify(this.#received)}`,
      `residents ${(await findResidents(this.outside)).filter(({ pid }) => pid !== this.#victim.pid).length}`,
      `missing objects ${this.#missing()}`,
      `control group ${existsSync(`/sys/fs/cgroup/${this.#token}`)}`,
      `device ${existsSync(join(this.worktree, 'found-device')) || existsSync(join(this.worktree, 'disk'))}`,
      ...['exit', 'lease', 'claims.json'].map((name) => `${name} ${this.#isTampered(name)}`),
    ];
    return lines;
  }

  #keptRefs(): string[] {
    const own = join(this.common, 'refs/pwt');
    return readdirSync(own)
      .filter((name) => name.startsWith('test-'))
      .map((name) => join(own, name));
  }

  #isTampered(name: string): boolean {
    const file = join(this.state, name);
    return existsSync(file) && readFileSync(file, 'utf8').includes('ESCAPED');
  }

  #missing(): number {
    try {
      return this.git(this.repo, 'fsck', '--no-dangling', '--connectivity-only').trim().length;
    } catch {
      return -1;
    }
  }

  async remove(): Promise<void> {
    for (const close of this.#close) close();
    this.#victim.kill('SIGKILL');
    for (const number of [1, 2, 3])
      await sweep(`pwt.${this.request(number).attempt.runId}.20.${number}`, { graceMs: 0 });
    for (const { pid } of await findResidents(this.root))
      if (pid !== process.pid) process.kill(pid, 'SIGKILL');
    await rm(this.root, { recursive: true, force: true });
    await rm(`/tmp/${this.#token}`, { force: true });
  }
}

/** A script that tries each escape, whatever becomes of the others. */
export function attempts(list: readonly Escape[]): AgentConfig {
  const script = list.map(({ script }) => `(\n${script}\n) 2>&1`).join('\n');
  return { command: ['sh', '-c', `${script}\nexit 0`] };
}

function treeOf(folder: string, root: string, except: readonly string[]): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (except.includes(path)) return [];
    const isFolder = lstatSync(path).isDirectory();
    return [lineOf(path, root), ...(isFolder ? treeOf(path, root, except) : [])];
  });
}

function lineOf(path: string, root: string): string {
  const name = relative(root, path);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `${name} missing`;
  const mode = (found.mode & 0o7777).toString(8);
  if (found.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
  return `${name} ${mode} ${found.isFile() ? readFileSync(path, 'latin1') : 'other'}`;
}
