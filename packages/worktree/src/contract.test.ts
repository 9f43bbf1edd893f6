import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '@pwt/git';
import { type WorkspaceProviderHarness, workspaceProviderSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';

const pooled = { scratchPoolSize: 2, setup: { command: 'true' } };

for (const options of process.env.PWT_PROVE === '1' ? [{ scratchPoolSize: 0 }, pooled] : [pooled]) {
  const runner = {
    describe: (name: string, body: () => void) => describe(`${name}, with ${JSON.stringify(options)}`, body),
    test: it,
  };
  workspaceProviderSuite(runner, async (): Promise<WorkspaceProviderHarness> => {
    const { repository, base } = await repositoryWith({ 'README.md': 'read me\n', 'src/a.txt': 'a\n' });
    const { git } = repository;
    const provider = repository.providerWith(options);
    return {
      provider,
      base,
      reopen: async () => repository.providerWith(options),
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
