import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FollowedAgent,
  GIT_TRACE_FILE,
  gitTraceVariables,
  type Intrusion,
  type RepositoryChange,
  type RepositoryNotice,
  type WatchBlind,
} from '@pwt/core';
import { Git } from '@pwt/git';
import { TemporaryRepository } from '@pwt/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GitRepositoryWatch } from './git-repository-watch.js';

/** Reads commands from its standard input: what this agent does, and when, is the test's. */
class Agent {
  readonly followed: FollowedAgent;
  readonly #shell: ChildProcess;

  constructor(followed: FollowedAgent, env: Record<string, string | undefined>) {
    this.followed = followed;
    mkdirSync(followed.stateDir, { recursive: true });
    writeFileSync(join(followed.stateDir, GIT_TRACE_FILE), '');
    writeFileSync(join(followed.stateDir, 'stdout.log'), '');
    this.#shell = spawn('sh', ['-s'], {
      cwd: followed.workspace.path,
      env: {
        ...env,
        PATH: process.env.PATH,
        PWT_MARK: followed.mark,
        ...gitTraceVariables(join(followed.stateDir, GIT_TRACE_FILE)),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  /** Resolves when the line is done. */
  async does(line: string): Promise<void> {
    this.#shell.stdin?.write(`${line}\necho done\n`);
    await once(this.#shell.stdout as NodeJS.ReadableStream, 'data');
  }

  end(): void {
    this.#shell.kill();
  }
}

async function setUp(count: number, { mostWatches }: { readonly mostWatches?: number } = {}) {
  const repository = await TemporaryRepository.create({
    'a.txt': 'a\n',
    'src/b.txt': 'b\n',
    '.gitignore': '*.log\n',
  });
  onTestFinished(() => repository.dispose());
  const { path, env, parent } = repository;
  const git = new Git({ cwd: path, env });
  const commonDir = join(path, '.git');
  const base = await git.text(['rev-parse', 'HEAD']);
  const notices: RepositoryNotice[] = [];
  const intrusions: Intrusion[] = [];
  const blinds: WatchBlind[] = [];
  const ids = Array.from({ length: count }, (_, index) => String(index + 1));
  const watch = await GitRepositoryWatch.open(
    { git, commonDir, ...(mostWatches !== undefined && { mostWatches }) },
    {
      ...{ target: 'main', runId: 'run-1' },
      ownBranches: () => ids.map((id) => `feature/us-${id}`),
      onNotice: (notice) => void notices.push(notice),
      onIntrusion: (intrusion) => void intrusions.push(intrusion),
      onBlind: (blind) => void blinds.push(blind),
    },
  );
  const agents: Agent[] = [];
  for (const id of ids) {
    const top = join(parent, `wt${id}`);
    await git.run(['worktree', 'add', '--quiet', '-b', `feature/us-${id}`, top]);
    const branch = `feature/us-${id}`;
    const workspace = {
      id: `w${id}`,
      runId: 'run-1',
      kind: 'task',
      provider: 'test',
      taskId: id,
      path: top,
      branch,
      base,
    } as const;
    const stateDir = join(parent, 'state', id);
    agents.push(new Agent({ taskId: id, workspace, claims: [], stateDir, mark: `mark-${id}` }, env));
  }
  onTestFinished(async () => {
    for (const agent of agents) agent.end();
    await watch.stop();
    if (mostWatches === undefined) expect(blinds).toEqual([]);
  });
  watch.follow(agents.map(({ followed }) => followed));
  for (const agent of agents) await agent.does(':');
  // The worktrees are watched by then.
  await soon(() => watch.treeCount).toBe(count + 1);
  await watch.settle();
  /** All agents are silent for a while. */
  const silence = async () => {
    const { looks } = watch;
    await soon(() => watch.looks).toBeGreaterThan(looks + 2);
  };
  await silence();
  const file = (subject: string): RepositoryChange => ({
    kind: 'files',
    severity: 'info',
    message: '',
    subjects: [subject],
  });
  const noticed = async (path: string) => soon(() => notices.flatMap(({ files }) => files)).toContain(path);
  return { path, parent, git, watch, agents, notices, intrusions, blinds, file, noticed, ids, silence };
}

/** The machine may be busy. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 });

const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('GitRepositoryWatch', () => {
  it('tells which of several agents has written into the user’s checkout', async () => {
    const { agents, watch, file, noticed, path, silence } = await setUp(3);
    const since = Date.now();
    await agents[1]?.does(`echo 'this comes from the second agent' > ${path}/src/stray.txt`);
    await noticed('src/stray.txt');
    expect(await watch.blame(file('src/stray.txt'), since)).toMatchObject({
      status: 'known',
      taskIds: ['2'],
    });
    await silence();
    await agents[2]?.does(`cp ${path}/src/stray.txt ${path}/copied.txt`);
    await noticed('copied.txt');
    expect(await watch.blame(file('copied.txt'), since)).toMatchObject({ status: 'known', taskIds: ['3'] });
  });

  it.runIf(process.env.PWT_PROVE === '1')(
    'blames no agent for what the user writes right after one of them',
    async () => {
      const { agents, watch, file, noticed, path } = await setUp(3);
      const since = Date.now();
      await agents[2]?.does(`echo 'this comes from the third agent' > ${path}/theirs.txt`);
      await noticed('theirs.txt');
      writeFileSync(join(path, 'mine.txt'), 'this is the work of the user');
      await noticed('mine.txt');
      expect(await watch.blame(file('mine.txt'), since)).toEqual({ status: 'nobody' });
    },
  );

  it('says who was at work where nothing tells more', async () => {
    const { agents, watch, file, noticed, path } = await setUp(3);
    const since = Date.now();
    await Promise.all([
      agents[0]?.does(
        `head -c 5000 /dev/zero > /dev/null; echo ${'x'.repeat(70)} > ../elsewhere; rm ${path}/a.txt`,
      ),
      agents[1]?.does(':'),
    ]);
    await noticed('a.txt');
    // By its arguments, the process may have been seen that did it.
    const blame = await watch.blame(file('a.txt'), since);
    expect(['known', 'unclear']).toContain(blame.status);
    expect('taskIds' in blame && blame.taskIds).toContain('1');
    expect('taskIds' in blame && blame.taskIds).not.toContain('3');
  });

  it('goes by what the agent’s git tells: of HEAD, the target, the stash and files', async () => {
    const { agents, watch, file, noticed, notices, path } = await setUp(3);
    const since = Date.now();
    const change = (kind: RepositoryChange['kind'], subject: string): RepositoryChange => ({
      ...{ kind, severity: 'warning', message: '', subjects: [subject] },
    });
    await agents[0]?.does(`git -C ${path} commit --quiet --allow-empty -m sneaky`);
    await agents[1]?.does('echo work > a.txt; git stash --quiet');
    await agents[2]?.does(`git -C ${path} switch --quiet -c hijack`);
    await soon(() => notices.some(({ git }) => git)).toBe(true);
    expect(await watch.blame(change('target', 'refs/heads/main'), since)).toMatchObject({
      status: 'known',
      taskIds: ['1'],
    });
    expect(await watch.blame(change('stash', 'refs/stash'), since)).toMatchObject({
      status: 'known',
      taskIds: ['2'],
    });
    expect(await watch.blame(change('head', path), since)).toMatchObject({ status: 'known', taskIds: ['3'] });
    await agents[0]?.does(`git -C ${path} rm --quiet a.txt`);
    await noticed('a.txt');
    expect(await watch.blame(file('a.txt'), since)).toMatchObject({ status: 'known', taskIds: ['1'] });
  });

  it('blames no agent for the user’s git', async () => {
    const { watch, git, notices } = await setUp(2);
    const since = Date.now();
    await git.run(['commit', '--quiet', '--allow-empty', '-m', 'mine']);
    await soon(() => notices.some(({ git }) => git)).toBe(true);
    const target: RepositoryChange = {
      kind: 'target',
      severity: 'info',
      message: '',
      subjects: ['refs/heads/main'],
    };
    expect(await watch.blame(target, since)).toEqual({ status: 'nobody' });
  });

  it('tells what an agent does in the worktree of another one, and not what that one does itself', async () => {
    const { agents, intrusions, parent, watch, silence } = await setUp(3);
    await agents[1]?.does('echo own work, as it should be > own.txt; mkdir new; echo more > new/file.txt');
    await watch.settle();
    await silence();
    await agents[0]?.does(`echo 'written by the first agent' > ${parent}/wt2/stolen.txt`);
    await soon(() => intrusions.length).toBe(1);
    expect(intrusions[0]).toMatchObject({
      ...{ taskIds: ['1'], victim: '2', what: 'wrote' },
      files: [{ path: 'stolen.txt', digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    await agents[2]?.does(`git -C ${parent}/wt2 checkout --quiet -b elsewhere`);
    await soon(() => intrusions.length).toBe(2);
    expect(intrusions[1]).toMatchObject({ taskIds: ['3'], victim: '2', what: 'switched' });
    await silence();
    await agents[0]?.does(`echo ignored > ${parent}/wt2/some.log; echo x > ${parent}/wt3/other.txt`);
    await soon(() => intrusions.length).toBe(3);
    expect(intrusions[2]).toMatchObject({ taskIds: ['1'], victim: '3', files: [{ path: 'other.txt' }] });
  });

  it('judges what was noticed right before an agent ended', async () => {
    const { agents, intrusions, parent, watch } = await setUp(2);
    await agents[0]?.does(`echo 'written by the first agent' > ${parent}/wt2/stolen.txt`);
    watch.follow(agents.slice(0, 1).map(({ followed }) => followed));
    await watch.settle();
    expect(intrusions).toMatchObject([{ taskIds: ['1'], victim: '2' }]);
  });

  it('says once that there are no more watches, and still sees what there are watches for', async () => {
    const { blinds, agents, noticed, path } = await setUp(2, { mostWatches: 1 });
    expect(blinds).toEqual([{ status: 'full', reason: expect.stringContaining('third of the watches') }]);
    await agents[0]?.does(`echo seen > ${path}/seen.txt`);
    await noticed('seen.txt');
  });

  it('says of what it can’t see that something went wrong', async () => {
    const { blinds, watch, agents } = await setUp(1);
    const [{ followed }] = agents as [Agent];
    const workspace = { ...followed.workspace, base: 'no-such-commit' };
    watch.follow([followed, { ...followed, taskId: '9', workspace, stateDir: `${followed.stateDir}-9` }]);
    await soon(() => blinds.length).toBe(1);
    expect(blinds).toEqual([{ status: 'failed', reason: expect.stringContaining('the worktree of task 9') }]);
    blinds.pop();
  });

  it('ends with nothing left', async () => {
    const { watch, parent } = await setUp(1);
    await watch.stop();
    rmSync(join(parent, 'wt1'), { recursive: true });
    watch.follow([]);
    await watch.settle();
  });
});
