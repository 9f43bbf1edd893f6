import { join } from 'node:path';
import { Git } from '@pwt/git';
import {
  collectFrom,
  type Files,
  repositoryWith,
  TestRepository,
  temporaryFolder,
  testEnvironment,
} from './repository.js';

const FILE = ['-c', 'protocol.file.allow=always'];

/**
 * A project that is a clone with the submodule `lib`, initialised in its checkout, and the workspace of a task in
 * which the submodule is checked out as well.
 *
 * @param options `initialised`: false if the project's own checkout has nothing at `lib`
 */
export async function workspaceWithSubmodule(options: { readonly initialised?: boolean } = {}) {
  const { repository: remote } = await repositoryWith({ 's.txt': 's\n' });
  const { repository: author } = await repositoryWith({ a: 'a\n' });
  await author.git.run([...FILE, 'submodule', '--quiet', 'add', remote.path, 'lib']);
  await author.commit({});
  const repository = new TestRepository(temporaryFolder());
  await new Git({ cwd: repository.folder, env: testEnvironment }).run([
    'clone',
    '--quiet',
    author.path,
    repository.path,
  ]);
  const update = [...FILE, 'submodule', '--quiet', 'update', '--init'];
  if (options.initialised !== false) await repository.git.run(update);
  const base = await repository.git.text(['rev-parse', 'HEAD']);
  const workspace = await repository.create('20', base);
  const git = repository.git.at(workspace.path);
  await git.run(update);
  const lib = join(workspace.path, 'lib');
  const commitIn = async (top: string, files: Files = {}): Promise<string> => {
    repository.write(files, top);
    await git.at(top).run(['add', '--all']);
    await git.at(top).run(['commit', '--quiet', '--allow-empty', '-m', 'agent']);
    return git.at(top).text(['rev-parse', 'HEAD']);
  };
  return {
    ...{ repository, base, workspace, git, lib, remote, commitIn },
    store: repository.git.at(join(repository.commonDir, 'modules/lib')),
    collect: () => collectFrom(repository.provider, { workspace, message: 'Task 20\n' }),
  };
}
