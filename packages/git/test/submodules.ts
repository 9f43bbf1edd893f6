import { join } from 'node:path';
import { Git } from '../src/git.js';
import { type Files, repositoryWith, temporaryFolder, testEnvironment } from './repository.js';

const FILE = ['-c', 'protocol.file.allow=always'];

/**
 * A project with the submodule `lib`, and a worktree of it in which the submodule is checked out.
 *
 * @param how the state of the submodule in the project's own checkout
 * @param options `nested`: the submodule has a submodule `deep` in turn
 */
export async function projectWithSubmodule(
  how: 'initialised' | 'never initialised' | 'with a .git folder',
  options: { readonly nested?: boolean } = {},
) {
  const source = await repositoryWith({ 's.txt': 's\n' });
  if (options.nested) {
    const deep = await repositoryWith({ 'x.txt': 'x\n' });
    await source.git.run([...FILE, 'submodule', '--quiet', 'add', deep.path, 'deep']);
    await source.commit({});
  }
  const author = await repositoryWith({ a: 'a\n' });
  await author.git.run([...FILE, 'submodule', '--quiet', 'add', source.path, 'lib']);
  await author.commit({});
  // The project is a clone, as a user has one.
  const folder = temporaryFolder();
  const path = join(folder, 'project');
  await author.git.run(['clone', '--quiet', author.path, path]);
  const git = new Git({ cwd: path, env: testEnvironment });
  const update = ['submodule', '--quiet', 'update', '--init', '--recursive'];
  if (how === 'initialised') await git.run([...FILE, ...update]);
  if (how === 'with a .git folder') {
    await git.run([...FILE, 'clone', '--quiet', source.path, 'lib']);
    await git.run(['submodule', '--quiet', 'init']);
  }
  const base = await git.text(['rev-parse', 'HEAD']);
  const worktree = join(folder, 'worktree');
  await git.run(['worktree', 'add', '--quiet', '-b', 'task', worktree]);
  await git.at(worktree).run([...FILE, ...update]);
  return {
    repository: { path, folder },
    ...{ git, base, worktree },
    remote: source.path,
    commonDir: join(path, '.git'),
    worktreeGitDir: join(path, '.git/worktrees/worktree'),
    write: (files: Files, top: string) => source.write(files, top),
    /** Commits everything in a repository; returns the id. */
    async commitIn(top: string, files: Files): Promise<string> {
      source.write(files, top);
      await git.at(top).run(['add', '--all']);
      await git.at(top).run(['commit', '--quiet', '--allow-empty', '-m', 'work']);
      return git.at(top).text(['rev-parse', 'HEAD']);
    },
  };
}

/** The project's git, told where its repository is. */
export function asPwtHasIt({ git, commonDir }: { readonly git: Git; readonly commonDir: string }): Git {
  return git.inPlace({ workTree: git.cwd, gitDir: commonDir, commonDir });
}
