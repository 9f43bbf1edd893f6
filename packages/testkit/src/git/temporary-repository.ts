import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An environment for git in which nothing of the host's configuration is seen, with fixed identity and dates. */
export function hermeticGitEnv(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !name.startsWith('GIT_'));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
    GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  };
}

/** A throw-away repository on branch `main`, in a folder of its own that may hold worktrees beside it. */
export class TemporaryRepository {
  /** The folder that holds the repository; everything in it goes on {@link dispose}. */
  readonly parent: string;
  /** The checkout. */
  readonly path: string;
  readonly env: Record<string, string>;

  private constructor(parent: string) {
    this.parent = parent;
    this.path = join(parent, 'project');
    this.env = hermeticGitEnv();
  }

  /** Makes a repository with one commit that holds these files. */
  static async create(
    files: Readonly<Record<string, string>> = { 'README.md': 'hello\n' },
  ): Promise<TemporaryRepository> {
    const parent = await realpath(await mkdtemp(join(tmpdir(), 'pwt-test-')));
    const repository = new TemporaryRepository(parent);
    await mkdir(repository.path);
    await repository.git('init', '--quiet', '--initial-branch=main');
    await appendFile(
      join(repository.path, '.git/config'),
      '[user]\n\tname = Test\n\temail = test@example.com\n',
    );
    await repository.write(files);
    await repository.commitAll('Start');
    return repository;
  }

  /** Runs git in the checkout; returns what it printed, without the last newline. */
  async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('git', [...args], {
      cwd: this.path,
      env: this.env,
      maxBuffer: 64 * 1024 ** 2,
    });
    return stdout.replace(/\n$/, '');
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.path, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Commits everything in the checkout; returns the commit id. */
  async commitAll(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** The files of a commit, by path. */
  async filesOf(commit: string): Promise<Record<string, string>> {
    const names = (await this.git('ls-tree', '-r', '-z', '--name-only', commit)).split('\0').filter(Boolean);
    const files: Record<string, string> = {};
    for (const name of names) {
      const { stdout } = await run('git', ['cat-file', 'blob', `${commit}:${name}`], {
        cwd: this.path,
        env: this.env,
      });
      files[name] = stdout;
    }
    return files;
  }

  /** A commit with exactly these files, on no branch. */
  async commitFiles(files: Readonly<Record<string, string>>, parents: readonly string[]): Promise<string> {
    const index = join(this.parent, `index-${process.hrtime.bigint()}`);
    const env = { ...this.env, GIT_INDEX_FILE: index };
    const at = { cwd: this.path, env };
    for (const [path, text] of Object.entries(files)) {
      const blob = await this.#hash(text);
      await run('git', ['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], at);
    }
    const tree = (await run('git', ['write-tree'], at)).stdout.trim();
    const args = [
      'commit-tree',
      tree,
      ...parents.flatMap((parent) => ['-p', parent]),
      '-m',
      `Commit ${index}`,
    ];
    const commit = (await run('git', args, at)).stdout.trim();
    await rm(index, { force: true });
    return commit;
  }

  async dispose(): Promise<void> {
    await rm(this.parent, { recursive: true, force: true, maxRetries: 3 });
  }

  async #hash(text: string): Promise<string> {
    const child = run('git', ['hash-object', '-w', '--stdin'], { cwd: this.path, env: this.env });
    child.child.stdin?.end(text);
    return (await child).stdout.trim();
  }
}
