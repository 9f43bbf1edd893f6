import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Git } from '../src/git.js';

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

/** Content by path; `null` deletes. */
export type Files = Readonly<Record<string, string | null>>;

/** A throw-away repository in a folder of its own, for one test. */
export class TestRepository {
  /** The folder around the repository, for worktrees beside it. */
  readonly folder: string;
  readonly path: string;
  readonly git: Git;

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'repo');
    this.git = new Git({ cwd: this.path, env: testEnvironment });
  }

  write(files: Files, top: string = this.path): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(top, path);
      if (content === null) {
        rmSync(file);
        continue;
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** Commits these files on what is checked out; returns the id. */
  async commit(files: Files, message = 'change'): Promise<string> {
    this.write(files);
    await this.git.run(['add', '--all']);
    await this.git.run(['commit', '--quiet', '--allow-empty', '-m', message]);
    return this.git.text(['rev-parse', 'HEAD']);
  }

  /** Commits these files on a branch that starts at another; returns the id. */
  async branch(name: string, start: string, files: Files): Promise<string> {
    await this.git.run(['switch', '--quiet', '--create', name, start]);
    return this.commit(files, name);
  }
}

/** An empty folder that is gone after the test. Its path has no symbolic link in it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-git-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty repository on an unborn `main`. */
export async function emptyRepository(initArgs: readonly string[] = []): Promise<TestRepository> {
  const repository = new TestRepository(temporaryFolder());
  mkdirSync(repository.path);
  await repository.git.run(['init', '--quiet', '--initial-branch=main', ...initArgs]);
  return repository;
}

/** A repository with one commit that holds these files. */
export async function repositoryWith(
  files: Files,
  initArgs: readonly string[] = [],
): Promise<TestRepository> {
  const repository = await emptyRepository(initArgs);
  await repository.commit(files, 'first');
  return repository;
}
