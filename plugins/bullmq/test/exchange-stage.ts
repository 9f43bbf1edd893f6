import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { discoverRepository, Git, openDoor } from '@pwt/git';
import { GitWorktreeProvider } from '@pwt/worktree';
import { GitExchange, type GitExchangeOptions } from '../src/exchange/git-exchange.js';
import { refs } from '../src/exchange/refs.js';
import type { AttemptKey } from '../src/protocol/operations.js';
import { GitMirror } from '../src/worker/mirror/git-mirror.js';
import { atEnd } from './ends.js';
import { type Files, putRepositories, testEnvironment, write } from './repositories.js';

export { type Files, testEnvironment, write } from './repositories.js';

/** A worker's side: its mirror, and worktrees of it. */
export interface TestWorker {
  readonly mirror: GitMirror;
  readonly provider: GitWorktreeProvider;
  readonly stateDir: string;
  /** Makes the workspace of a task, at a commit that is on the exchange. */
  place(taskId: string, base: string): Promise<Workspace>;
  /** Plain git, as an agent has it. */
  git(workspace: Workspace): Git;
}

/** A project, a bare repository by which code travels, and machines that use it; all of them folders. */
export class ExchangeStage {
  readonly folder: string;
  /** That no other stage on this machine has. */
  readonly name: string;
  readonly remote: string;
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly format: 'sha1' | 'sha256';

  private constructor(format: 'sha1' | 'sha256', env: Readonly<Record<string, string>>) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-exchange-')));
    atEnd(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 }));
    this.name = this.folder.slice(-6);
    this.remote = join(this.folder, 'remote.git');
    this.root = join(this.folder, 'project');
    this.env = { ...testEnvironment, ...env };
    this.format = format;
  }

  static async create(
    files: Files = { a: 'a\n' },
    {
      format = 'sha1',
      env = {},
    }: { readonly format?: 'sha1' | 'sha256'; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<ExchangeStage> {
    const stage = new ExchangeStage(format, env);
    await putRepositories(stage.folder, files, format);
    const remote = `[remote "origin"]\n\turl = ${JSON.stringify(stage.remote)}\n`;
    appendFileSync(join(stage.root, '.git/config'), remote);
    return stage;
  }

  plain(cwd: string): Git {
    return new Git({ cwd, env: this.env });
  }

  get project(): Git {
    return this.plain(this.root);
  }

  /** Commits these files in the project; returns the id. */
  async commit(files: Files): Promise<string> {
    write(this.root, files);
    await this.project.run(['add', '--all']);
    await this.project.run(['commit', '--quiet', '--allow-empty', '-m', 'change']);
    return this.head();
  }

  head(): Promise<string> {
    return this.project.text(['rev-parse', 'HEAD']);
  }

  /** The project as a coordinator opens it. */
  async opened(): Promise<Git> {
    const { gitDir, commonDir, config } = await discoverRepository(this.project);
    const mirrors = join(this.folder, 'doors');
    return openDoor(this.project, { workTree: this.root, gitDir, commonDir, config, mirrors });
  }

  async exchange(options: Partial<GitExchangeOptions> = {}): Promise<GitExchange> {
    return new GitExchange({ git: await this.opened(), remote: 'origin', wait: noWait, ...options });
  }

  /** A worker of this name, with folders of its own; again, what it has left. */
  async worker(
    name = 'worker-1',
    { setup }: { readonly setup?: { readonly command: string } } = {},
  ): Promise<TestWorker> {
    const folder = join(this.folder, name);
    const [path, stateDir] = [join(folder, 'repository.git'), join(folder, 'state')];
    mkdirSync(folder, { recursive: true });
    const mirror = await GitMirror.open({
      ...{ git: this.plain(folder), address: this.remote, path, doors: join(folder, 'doors'), wait: noWait },
      format: this.format,
    });
    const provider = new GitWorktreeProvider({
      git: mirror.git,
      commonDir: mirror.commonDir,
      stateDir,
      env: this.env,
      worktreeTemplate: '../worktrees/{run}-{id}',
      branchTemplate: 'pwt/{run}/{id}',
      ...(setup && { setup }),
    });
    return {
      ...{ mirror, provider, stateDir },
      place: async (taskId, base) => {
        await mirror.fetch(refs.base(base), base);
        return (await provider.create({ runId: 'r1', taskId, title: 'A task', base })).workspace;
      },
      git: ({ path: at }) => this.plain(at),
    };
  }

  /** The refs on the remote, by name. */
  async remoteRefs(): Promise<Record<string, string>> {
    const lines = await this.plain(this.remote).lines(['for-each-ref', '--format=%(refname) %(objectname)']);
    return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]));
  }
}

export const attemptOf = (taskId: string, number = 1): AttemptKey => ({ runId: 'r1', taskId, number });

async function noWait(): Promise<void> {}
