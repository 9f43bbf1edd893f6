import { join } from 'node:path';
import type { AgentExit, CommitId } from '@pwt/core';
import { commitTree, fallbackIdentity, Git } from '@pwt/git';
import { TemporaryRepository } from '@pwt/testkit';
import { GitExchange } from '../../src/exchange/git-exchange.js';
import { refs } from '../../src/exchange/refs.js';
import { isTombstone } from '../../src/exchange/tombstone.js';
import { formatNote, TRAILER } from '../../src/exchange/work-note.js';
import { type AttemptKey, attemptName } from '../../src/protocol/operations.js';
import { GitMirror } from '../../src/worker/mirror/git-mirror.js';
import type { ModelExchange } from './model-exchange.js';
import type { Observed } from './trace.js';

/** A project, a bare repository between the machines, and a mirror of it for each worker. For many runs. */
export class GitStage {
  readonly #project: TemporaryRepository;
  readonly #remote: string;
  readonly exchange: GitExchange;
  readonly #mirrors = new Map<string, Promise<GitMirror>>();

  private constructor(project: TemporaryRepository, remote: string) {
    this.#project = project;
    this.#remote = remote;
    this.exchange = new GitExchange({ git: this.#git, remote });
  }

  static async open(): Promise<GitStage> {
    const project = await TemporaryRepository.create();
    const remote = join(project.parent, 'exchange.git');
    await project.git('init', '--quiet', '--bare', remote);
    return new GitStage(project, remote);
  }

  mirror(worker: string): Promise<GitMirror> {
    const { parent } = this.#project;
    const [path, doors] = [join(parent, worker), join(parent, `${worker}-doors`)];
    const git = this.#git.at(parent);
    const mirror = this.#mirrors.get(worker) ?? GitMirror.open({ git, address: this.#remote, path, doors });
    this.#mirrors.set(worker, mirror);
    return mirror;
  }

  async refsBelow(prefix: string): Promise<readonly (readonly [ref: string, commit: CommitId])[]> {
    const format = '%(refname) %(objectname)';
    const text = await this.#project.git('-C', this.#remote, 'for-each-ref', `--format=${format}`, prefix);
    const lines = text === '' ? [] : text.split('\n');
    return lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']);
  }

  dispose(): Promise<void> {
    return this.#project.dispose();
  }

  get #git(): Git {
    return new Git({ cwd: this.#project.path, env: this.#project.env });
  }
}

/** The plugin's own exchange and mirrors, for one run. */
export class GitModelExchange implements ModelExchange {
  protected readonly how: 'create' | 'replace' = 'create';
  readonly #stage: GitStage;
  readonly #runId: string;
  /** Whose each commit is. */
  readonly #authors = new Map<CommitId, string>();
  /** One that pushes again pushes what it has. */
  readonly #works = new Map<string, Promise<CommitId>>();

  constructor(stage: GitStage, runId: string) {
    this.#stage = stage;
    this.#runId = runId;
  }

  async publish(worker: string, attempt: AttemptKey): Promise<'published' | 'taken'> {
    const here = { ...attempt, runId: this.#runId };
    const mirror = await this.#stage.mirror(worker);
    const commit = await this.#workOf(mirror, worker, here);
    const pushed = await mirror.publish(refs.attempt(here), commit, this.how);
    if (pushed === 'taken') await mirror.publish(refs.late(here, worker), commit, 'replace');
    return pushed;
  }

  async giveUp(attempt: AttemptKey) {
    const here = { ...attempt, runId: this.#runId };
    const outcome = await this.#stage.exchange.giveUp(here);
    return outcome.status === 'given-up' ? 'given-up' : this.#taken(here, outcome.commit);
  }

  async result(attempt: AttemptKey) {
    const here = { ...attempt, runId: this.#runId };
    const [[, commit] = []] = await this.#stage.refsBelow(refs.attempt(here));
    if (commit === undefined) throw new Error(`there is nothing at ${refs.attempt(here)}`);
    return this.#taken(here, commit);
  }

  async observe(): Promise<Pick<Observed, 'refs' | 'late'>> {
    const attempts = await this.#below(`refs/pwt/attempts/${this.#runId}/`);
    const late = await this.#below(`refs/pwt/late/${this.#runId}/`);
    const authors = attempts.map(([name, commit]) => [name, this.#authorOf(commit)]);
    return { refs: Object.fromEntries(authors), late: late.map(([name]) => name).sort() };
  }

  #workOf(mirror: GitMirror, worker: string, attempt: AttemptKey): Promise<CommitId> {
    const name = `${attemptName(attempt)}/${worker}`;
    const work = this.#works.get(name) ?? this.#commit(mirror, worker, attempt);
    this.#works.set(name, work);
    return work;
  }

  async #commit({ git }: GitMirror, worker: string, attempt: AttemptKey): Promise<CommitId> {
    const exit: AgentExit = { kind: 'exited', exitCode: 0, durationMs: 1 };
    const who = { name: worker, email: fallbackIdentity.email, date: '946684800 +0000' };
    const message = `work\n\nPwt-${TRAILER}: ${formatNote({ attempt, exit, onBranch: true })}\n`;
    const tree = await git.text(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
    const commit = await commitTree(git, { tree, parents: [], message, author: who, committer: who });
    this.#authors.set(commit, worker);
    return commit;
  }

  async #taken(attempt: AttemptKey, commit: CommitId) {
    const { exchange } = this.#stage;
    const into = `refs/pwt/${this.#runId}/results/${attempt.taskId}/${attempt.number}`;
    await exchange.take({ ref: refs.attempt(attempt), commit, into });
    return { worker: this.#authorOf(commit), exit: await exchange.exitOf(attempt, commit) };
  }

  #authorOf(commit: CommitId): string {
    const author = isTombstone(commit) ? 'tombstone' : this.#authors.get(commit);
    if (author === undefined) throw new Error(`nobody has made ${commit}`);
    return author;
  }

  async #below(prefix: string): Promise<readonly (readonly [string, CommitId])[]> {
    const found = await this.#stage.refsBelow(prefix);
    return found.map(([ref, commit]) => [ref.slice(prefix.length), commit]);
  }
}
