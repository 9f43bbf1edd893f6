import { TemporaryRepository } from '@pwt/testkit';
import { projectPaths } from '../lib/project.mjs';
import { landings } from './latency/landings.mjs';
import { worktrees } from './latency/worktrees.mjs';

const FILES = 100_000;

/**
 * What a free slot, a gate, a joint state and a landing wait for in a large repository, beside plain git.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const latency = {
  name: 'latency',
  async run({ rounds = 5 }) {
    const repository = await TemporaryRepository.create(
      Object.fromEntries(projectPaths(FILES).map((path) => [path, `${path}\n`.repeat(20)])),
    );
    try {
      return [
        await worktrees(repository, { files: FILES, rounds }),
        await landings(repository, { files: FILES, rounds }),
      ];
    } finally {
      await repository.dispose();
    }
  },
};
