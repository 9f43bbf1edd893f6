import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPwtHasIt, projectWithSubmodule } from '../../test/submodules.js';
import { listGitlinksOf } from './gitlinks.js';
import { secureModules } from './secure.js';

type Stage = Awaited<ReturnType<typeof projectWithSubmodule>>;

async function secure(stage: Stage) {
  const { git, base, repository, commonDir, worktreeGitDir } = stage;
  return secureModules(asPwtHasIt(stage), {
    gitDir: worktreeGitDir,
    keepers: [commonDir],
    checkout: repository.path,
    treeishes: [base],
    recorded: (await listGitlinksOf(git, base)).map(({ commit }) => commit),
  });
}

/** Where the project's own repository for a submodule has a commit below a ref. */
async function holds(stage: Stage, name: string, commit: string): Promise<boolean> {
  const store = stage.git.at(join(stage.commonDir, 'modules', name));
  const { stdout } = await store.run(['for-each-ref', `--contains=${commit}`], { okExitCodes: [0, 129] });
  return stdout !== '';
}

describe('what only the submodules of a worktree have', () => {
  it('is fetched: HEAD, branches, stashes, and what only a reflog names', async () => {
    const stage = await projectWithSubmodule('never initialised');
    const lib = join(stage.worktree, 'lib');
    const git = stage.git.at(lib);
    const amended = await stage.commitIn(lib, { a: '1' });
    await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    await git.run(['switch', '--quiet', '-c', 'aside']);
    const aside = await stage.commitIn(lib, { b: '1' });
    await git.run(['checkout', '--quiet', '--detach', 'HEAD~1']);
    const head = await stage.commitIn(lib, { c: '1' });
    stage.write({ c: 'stashed' }, lib);
    await git.run(['stash', '--quiet']);
    const stash = await git.text(['rev-parse', 'refs/stash']);
    expect(await secure(stage)).toEqual([]);
    for (const commit of [amended, aside, head, stash]) expect(await holds(stage, 'lib', commit)).toBe(true);
    expect(readFileSync(join(stage.commonDir, 'modules/lib/config'), 'utf8')).toContain(stage.remote);
    expect(await secure(stage)).toEqual([]);
  });

  it('is nothing where only what its remote has is checked out', async () => {
    const stage = await projectWithSubmodule('never initialised', { nested: true });
    expect(await secure(stage)).toEqual([]);
    expect(existsSync(join(stage.commonDir, 'modules'))).toBe(false);
  });

  it('is fetched from a submodule inside of one, with the one around it', async () => {
    const stage = await projectWithSubmodule('never initialised', { nested: true });
    const deep = await stage.commitIn(join(stage.worktree, 'lib/deep'), { a: '1' });
    expect(await secure(stage)).toEqual([]);
    expect(await holds(stage, 'lib/modules/deep', deep)).toBe(true);
    expect(existsSync(join(stage.commonDir, 'modules/lib/HEAD'))).toBe(true);
  });

  it('is named where it cannot be fetched', async () => {
    const stage = await projectWithSubmodule('never initialised');
    const commit = await stage.commitIn(join(stage.worktree, 'lib'), { a: '1' });
    stage.write({ 'modules/lib': 'in the way' }, stage.commonDir);
    expect(await secure(stage)).toMatchObject([
      { name: 'lib', commit, reason: expect.stringContaining('in the way') },
    ]);
  });
});
