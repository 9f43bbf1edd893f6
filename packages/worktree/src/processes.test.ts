import { expect, it } from 'vitest';
import { countingGit } from '../test/counting-git.js';
import { collectFrom, repositoryWith } from '../test/repository.js';

it('takes few git processes: each costs milliseconds in which a slot stands idle', async () => {
  const { repository, base } = await repositoryWith({ a: 'a\n' });
  const { git, count } = countingGit(repository.path);
  const provider = repository.providerWith({ git });
  // The first call also asks for what stays the same: the version, the common directory.
  await repository.create('1', base, provider);
  const workspace = await repository.create('2', base, provider);
  expect(await count(() => repository.create('3', base, provider))).toBe(2);

  const first = await repository.create('4', base, provider);
  repository.write({ b: 'b\n' }, first.path);
  const landed = await collectFrom(provider, { workspace: first, message: 'left\n' });
  await provider.remove({ workspace: first, containedIn: 'commit' in landed ? landed.commit : base });
  const agent = repository.git.at(workspace.path);
  repository.write({ b: 'b\n' }, workspace.path);
  await agent.run(['add', 'b']);
  await agent.run(['commit', '--quiet', '-m', 'work']);
  expect(await count(() => collectFrom(provider, { workspace, message: 'left\n' }))).toBe(1);
  const containedIn = await agent.text(['rev-parse', 'HEAD']);
  expect(await count(() => provider.remove({ workspace, containedIn }))).toBe(2);
});
