import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Git, readHead } from '@pwt/git';
import { afterAll, onTestFinished } from 'vitest';
import { GitMerger } from '../src/git-merger.js';

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
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-merger-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A throw-away repository on `main`, and a merger for it. */
export class TestRepository {
  readonly path: string;
  readonly git: Git;
  readonly merger: GitMerger;
  readonly commonDir: string;

  constructor(folder: string, env: Readonly<Record<string, string>> = testEnvironment) {
    this.path = join(folder, 'repo');
    this.commonDir = join(this.path, '.git');
    mkdirSync(this.path);
    this.git = new Git({ cwd: this.path, env });
    this.merger = new GitMerger({ git: this.git, commonDir: this.commonDir, lockWaitMs: 0 });
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

  /** A commit on top of another that no branch and no checkout knows of; the files are as on `main` after. */
  async side(start: string, ...steps: Files[]): Promise<string> {
    await this.git.run(['checkout', '--quiet', '--detach', start]);
    let commit = start;
    for (const files of steps) commit = await this.commit(files, 'side');
    await this.git.run(['checkout', '--quiet', 'main']);
    return commit;
  }

  async show(commit: string, path: string): Promise<string> {
    return (await this.git.run(['show', `${commit}:${path}`])).stdout;
  }

  /** Integrates onto a commit and returns the merge commit; fails the test otherwise. */
  async merged(onto: string, commit: string, taskId = '1'): Promise<string> {
    const outcome = await this.merger.integrate({
      runId: 'r1',
      subject: { kind: 'tasks', taskIds: [taskId] },
      onto,
      commit,
      message: 'join',
    });
    if (outcome.status !== 'merged') throw new Error(`expected a merge, got ${JSON.stringify(outcome)}`);
    return outcome.commit;
  }

  land(from: string, to: string, merger: GitMerger = this.merger) {
    return merger.land({ runId: 'r1', target: 'main', from, to });
  }
}

/** A repository without commits: made once, and copied for each test. */
const empty = mkdtempSync(join(tmpdir(), 'pwt-merger-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));
let made: Promise<unknown> | undefined;

async function emptyGitDir(): Promise<string> {
  made ??= new Git({ cwd: empty, env: testEnvironment }).run(['init', '--quiet', '--initial-branch=main']);
  await made;
  return join(empty, '.git');
}

export async function repositoryWith(
  files: Files,
  env: Readonly<Record<string, string>> = testEnvironment,
): Promise<{ repository: TestRepository; base: string }> {
  const repository = new TestRepository(temporaryFolder(), env);
  cpSync(await emptyGitDir(), repository.commonDir, { recursive: true });
  return { repository, base: await repository.commit(files, 'first') };
}
