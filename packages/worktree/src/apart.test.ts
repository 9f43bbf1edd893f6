import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith } from '../test/repository.js';

async function stage() {
  const { repository, base } = await repositoryWith({ a: 'a\n' });
  await repository.commit({ later: 'l\n' });
  const workspace = await repository.create('20', base);
  const git = repository.git.at(workspace.path);
  const commit = async (name: string) => {
    repository.write({ [name]: 'x\n' }, workspace.path);
    await git.run(['add', '--all']);
    await git.run(['commit', '--quiet', '-m', `the ${name}`]);
    return git.text(['rev-parse', '--short', 'HEAD']);
  };
  const write = (name: string) => repository.write({ [name]: 'x\n' }, workspace.path);
  const collect = () => collectFrom(repository.provider, { workspace, message: 'left\n' });
  return { repository, base, workspace, git, commit, write, collect };
}

type Stage = Awaited<ReturnType<typeof stage>>;

describe("commits on the task's branch that are not on what is checked out", () => {
  const ways: Record<string, (scene: Stage) => Promise<unknown>> = {
    'on another branch': ({ git }) => git.run(['checkout', '--quiet', '-b', 'side', 'main']),
    'on a detached HEAD': ({ git, base }) => git.run(['checkout', '--quiet', '--detach', base]),
    'on a history of its own': async ({ git }) => git.run(['checkout', '--quiet', '--orphan', 'fresh']),
  };
  const ends: Record<string, (scene: Stage) => unknown> = {
    committed: ({ commit }) => commit('second'),
    uncommitted: ({ write }) => write('second'),
  };
  const cells = Object.keys(ways).flatMap((way) => Object.keys(ends).map((end) => [way, end] as const));

  it.each(cells)('hold the task: the agent went on %s, %s', async (way, end) => {
    const scene = await stage();
    const first = await scene.commit('first');
    await ways[way]?.(scene);
    await ends[end]?.(scene);
    const { findings } = await scene.collect();
    const { branch, path } = scene.workspace;
    expect(findings).toMatchObject([
      {
        ...{ kind: 'left-out', severity: 'error', taskIds: ['20'], subjects: [branch] },
        message: expect.stringContaining(`${first} the first`),
        hint: expect.stringContaining(`git -C ${path} merge`),
      },
    ]);
    // Held for as long as it is so.
    expect((await scene.collect()).findings).toEqual(findings);
    await scene.git.run(['merge', '--quiet', '--no-edit', '--allow-unrelated-histories', branch ?? '']);
    const { changes, findings: none } = await scene.collect();
    expect(none).toBeUndefined();
    expect(changes.map((change) => change.path)).toEqual(expect.arrayContaining(['first', 'second']));
  });

  it('are named up to a number', async () => {
    const { commit, git, collect } = await stage();
    for (let number = 0; number < 7; number += 1) await commit(`file-${number}`);
    await git.run(['checkout', '--quiet', '-b', 'side', 'main']);
    const message = (await collect()).findings?.[0]?.message;
    expect(message).toContain('the file-6');
    expect(message).toContain('and 2 more');
    expect(message).not.toContain('the file-1');
  });
});

describe('nothing is left out', () => {
  it('where HEAD has the same changes under other ids: rebased elsewhere', async () => {
    const { commit, git, workspace, collect } = await stage();
    await commit('first');
    await git.run(['checkout', '--quiet', '-b', 'side', 'main']);
    await git.run(['cherry-pick', `${workspace.branch}`]);
    const { commit: found, findings } = await collect();
    expect([found, findings]).toEqual([await git.text(['rev-parse', 'side']), undefined]);
  });

  it('where nothing was committed on the branch', async () => {
    const { commit, git, collect } = await stage();
    await git.run(['checkout', '--quiet', '-b', 'side', 'main~0']);
    await commit('first');
    expect((await collect()).findings).toBeUndefined();
  });

  it('where the branch was amended or rebased in place', async () => {
    const { commit, git, collect } = await stage();
    await commit('first');
    await git.run(['commit', '--quiet', '--amend', '-m', 'again']);
    await git.run(['rebase', '--quiet', 'main']);
    const { commit: found, findings } = await collect();
    expect([found, findings]).toEqual([await git.text(['rev-parse', 'HEAD']), undefined]);
  });
});
