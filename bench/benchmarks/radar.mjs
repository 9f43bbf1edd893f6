import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { GitRadar } from '@pwt/radar';
import { cpuMs, TemporaryRepository } from '@pwt/testkit';
import { projectPaths } from '../lib/project.mjs';

const FILES = 100_000;
const WORKTREES = 60;

/**
 * What a look of the radar takes in a large repository, by what has moved since the look before.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const radar = {
  name: 'radar',
  onlyByName: true,
  async run({ rounds = 3, tasks = WORKTREES }) {
    const paths = projectPaths(FILES);
    const files = Object.fromEntries(paths.map((path) => [path, `${path}\n`.repeat(20)]));
    const repository = await TemporaryRepository.create(files);
    const git = new Git({ cwd: repository.path, env: repository.env });
    const commonDir = join(repository.path, '.git');
    /** @type {import('@pwt/core').LiveWork[]} */
    const works = [];
    for (let number = 0; number < tasks; number += 1) {
      const path = join(repository.parent, `work-${number}`);
      await git.run(['worktree', 'add', '--quiet', '-b', `work-${number}`, path]);
      works.push({ id: String(number), path });
    }
    const onto = await repository.git('rev-parse', 'HEAD');
    // As in a run.
    const watching = new GitRadar({ git, commonDir, watch: true, mergeMs: 250 });
    try {
      const rows = /** @type {Record<string, string | number>[]} */ ([]);
      const look = async (/** @type {string} */ what) => {
        const before = cpuMs();
        const { durationMs, moved, merges, isPartial } = await watching.look({ works, onto });
        const whole = isPartial ? 'no' : 'yes';
        rows.push({ what, worktrees: moved, merges, time: durationMs, 'own CPU': cpuMs() - before, whole });
      };
      await look('the first');
      for (let round = 0; round < rounds; round += 1) {
        /** @param {number} count @param {(number: number) => number} which */
        const edit = async (count, which) => {
          for (const { path, id } of works.slice(0, count))
            appendFileSync(join(path, paths[which(Number(id))] ?? ''), `${id} ${round}\n`);
          // The system tells of it in the next turns of the loop.
          await new Promise((resolve) => setTimeout(resolve, 100));
        };
        await look('nothing');
        await edit(5, (number) => number * 7);
        await look('5, each a file of its own');
        await edit(tasks, (number) => number * 7);
        await look('all, each a file of its own');
        await edit(tasks, (number) => 1000 + (number >> 1));
        await look('all, two of them a file in common');
        await edit(tasks, () => 5000);
        await look('all, all of them a file in common');
      }
      /** @type {import('../lib/table.mjs').Table['columns']} */
      const columns = {
        what: 'text',
        worktrees: 'count',
        merges: 'count',
        time: 'ms',
        'own CPU': 'ms',
        whole: 'text',
      };
      const title = `a look at ${tasks} worktrees of ${FILES} files, by what has moved`;
      return [
        {
          title,
          columns,
          rows,
          note: 'The merges of a look are limited in time, as in a run: the others are for the next one.',
        },
      ];
    } finally {
      await watching.close();
      await repository.dispose();
    }
  },
};
