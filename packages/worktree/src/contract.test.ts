import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Git, listFiles } from '@pwt/git';
import { type WorkspaceProviderHarness, workspaceProviderSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { repositoryWith, type TestRepository } from '../test/repository.js';

interface Case {
  readonly scratchPoolSize: number;
  readonly setup?: { readonly command: string };
  /** The main repository has no checkout: it is the mirror of another one. */
  readonly bare?: true;
}
const pooled: Case = { scratchPoolSize: 2, setup: { command: 'true' } };
const mirror: Case = { scratchPoolSize: 2, bare: true };

for (const options of process.env.PWT_PROVE === '1' ? [{ scratchPoolSize: 0 }, pooled, mirror] : [pooled]) {
  const runner = {
    describe: (name: string, body: () => void) => describe(`${name}, with ${JSON.stringify(options)}`, body),
    test: it,
  };
  workspaceProviderSuite(runner, async (): Promise<WorkspaceProviderHarness> => {
    const { repository, base } = await repositoryWith({ 'README.md': 'read me\n', 'src/a.txt': 'a\n' });
    const { bare = false, ...how } = options;
    const git = bare ? await mirrorOf(repository) : repository.git;
    const provide = () =>
      repository.providerWith(
        bare ? { ...how, git, commonDir: git.cwd, stateDir: join(git.cwd, 'pwt') } : how,
      );
    return {
      provider: provide(),
      base,
      reopen: async () => provide(),
      write: async ({ path }, file, text) => repository.write({ [file]: text }, path),
      delete: async ({ path }, file) => rmSync(join(path, file)),
      async read({ path }, file) {
        try {
          return readFileSync(join(path, file), 'utf8');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
          throw error;
        }
      },
      async commit({ path }) {
        await git.at(path).run(['add', '--all']);
        await git.at(path).run(['commit', '--quiet', '-m', 'agent']);
        return git.at(path).text(['rev-parse', 'HEAD']);
      },
      async reset({ path }, commit) {
        await git.at(path).run(['reset', '--quiet', '--hard', commit]);
      },
      async filesOf(commit) {
        const files = await listFiles(git, commit);
        const contents = await Promise.all(files.map(({ id }) => git.run(['cat-file', 'blob', id])));
        return Object.fromEntries(files.map(({ path }, index) => [path, contents[index]?.stdout ?? '']));
      },
      // The folder goes away at the end of each test by itself.
      dispose: async () => undefined,
    };
  });
}

async function mirrorOf({ folder, git }: TestRepository): Promise<Git> {
  const path = join(folder, 'mirror.git');
  await git.run(['clone', '--quiet', '--bare', '.', path]);
  return git.at(path);
}
