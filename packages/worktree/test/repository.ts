import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { CollectedWork, CollectOutcome, CollectRequest, Workspace } from '@pwt/core';
import { Git, readHead } from '@pwt/git';
import { onTestFinished } from 'vitest';
import { GitWorktreeProvider, type GitWorktreeProviderOptions } from '../src/git-worktree-provider.js';

/** The host's PATH and nothing else of it; a fixed identity and date. */
export const testEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '@1700000000 +0100',
  GIT_COMMITTER_NAME: 'Carl',
  GIT_COMMITTER_EMAIL: 'carl@example.com',
  GIT_COMMITTER_DATE: '@1700000060 +0000',
};

/** Content by path; `null` deletes; `{link}` is a symbolic link. */
export type Files = Readonly<Record<string, string | null | { readonly link: string }>>;

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-worktree-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Where the worktrees of tests are, and what their branches are called. */
export const templates = { worktreeTemplate: '../{repo}-wt{id}', branchTemplate: 'feature/us-{id3}' };

/** A throw-away repository on `main`, and a provider for it. */
export class TestRepository {
  readonly path: string;
  readonly git: Git;
  readonly provider: GitWorktreeProvider;
  readonly folder: string;
  readonly stateDir: string;
  readonly commonDir: string;

  constructor(folder: string, env: Readonly<Record<string, string>> = testEnvironment) {
    this.path = join(folder, 'repo');
    this.commonDir = join(this.path, '.git');
    mkdirSync(this.path);
    this.git = new Git({ cwd: this.path, env });
    this.folder = folder;
    this.stateDir = join(this.commonDir, 'pwt');
    this.provider = this.providerWith({});
  }

  write(files: Files, top: string = this.path): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(top, path);
      const isFolder = lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
      if (typeof content !== 'string' || isFolder) rmSync(file, { recursive: true, force: true });
      if (content === null) continue;
      mkdirSync(dirname(file), { recursive: true });
      if (typeof content === 'string') writeFileSync(file, content);
      else symlinkSync(content.link, file);
    }
  }

  /** Commits everything on what is checked out; returns the id. */
  async commit(files: Files, message = 'change'): Promise<string> {
    this.write(files);
    await this.git.run(['add', '--all', '--force']);
    await this.git.run(['commit', '--quiet', '--allow-empty', '-m', message]);
    // Without a process of its own.
    return (await readHead(this.git, this.commonDir))?.commit ?? '';
  }

  /** A provider as after a restart, with other options. */
  providerWith(options: Partial<GitWorktreeProviderOptions>): GitWorktreeProvider {
    const { git, commonDir, stateDir } = this;
    return new GitWorktreeProvider({
      ...{ git, commonDir, stateDir, env: testEnvironment, ...templates },
      ...options,
    });
  }

  async create(
    taskId: string,
    base: string,
    provider: GitWorktreeProvider = this.provider,
  ): Promise<Workspace> {
    return (await provider.create({ runId: 'r1', taskId, title: `Task ${taskId}`, base })).workspace;
  }

  /** Paths of the registered worktrees, the main one left out. */
  async linked(): Promise<string[]> {
    const lines = await this.git.lines(['worktree', 'list', '--porcelain']);
    return lines.flatMap((line) => (line.startsWith('worktree ') ? [line.slice(9)] : [])).slice(1);
  }

  async branches(): Promise<string[]> {
    return this.git.lines(['for-each-ref', '--format=%(refname:short)', 'refs/heads']);
  }
}

export async function repositoryWith(
  files: Files,
  env: Readonly<Record<string, string>> = testEnvironment,
): Promise<{ repository: TestRepository; base: string }> {
  const repository = new TestRepository(temporaryFolder(), env);
  await repository.git.run(['init', '--quiet', '--initial-branch=main']);
  return { repository, base: await repository.commit(files, 'first') };
}

/** Every file with content hash, mode and time; links by target. For "nothing has changed". */
export function fingerprint(top: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (path === join(top, '.git')) continue;
      if (stats.isDirectory()) {
        visit(path);
        continue;
      }
      const content = stats.isSymbolicLink()
        ? readlinkSync(path)
        : createHash('sha256').update(readFileSync(path)).digest('hex');
      found[relative(top, path)] = `${stats.mode.toString(8)} ${stats.mtimeMs} ${content}`;
    }
  };
  visit(top);
  return found;
}

/** What the user has beside the files: HEAD, index entries, stash, configuration. */
export async function userState(git: Git): Promise<Record<string, string>> {
  const output = async (...args: string[]) => (await git.run(args, { okExitCodes: [0, 1, 128] })).stdout;
  return {
    head: await output('symbolic-ref', '-q', 'HEAD'),
    commit: await output('rev-parse', 'HEAD'),
    index: await output('ls-files', '--stage', '--debug'),
    flags: await output('ls-files', '-v'),
    stash: await output('stash', 'list'),
    config: await output('config', '--local', '--list'),
  };
}

/** Either outcome under one type, for tests that look at both: of held work only `findings` and `snapshot` are there. */
export async function collectFrom(
  provider: GitWorktreeProvider,
  request: CollectRequest,
): Promise<Omit<CollectedWork, 'status'> & Pick<CollectOutcome, 'status'>> {
  return (await provider.collect(request)) as CollectedWork;
}
