import { expect } from 'vitest';
import { spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const claimed = spec(1, 'one.txt', '@claims');

/** Follows the hint of a refused landing once the way is clear, and sees that the work has landed. */
async function landsAfter(stage: Stage, hint: string, printed: string): Promise<void> {
  expect(await stage.follow(hint, printed)).toMatchObject({ exitCode: 0 });
  expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': expect.any(String) });
}

/** Work that is tested and did not land. */
export const landing: readonly Situation[] = [
  {
    name: 'landing is off',
    hints: ['status/next-steps.ts: pwt land…'],
    files: claimed,
    async play(stage) {
      const waiting = await stage.run('--no-merge');
      await landsAfter(stage, 'status/next-steps.ts: pwt land…', waiting.stdout);
    },
  },
  {
    name: 'an untracked file is where the landing adds one',
    hints: ['merger/src/refusal.ts: pwt land'],
    files: claimed,
    async play(stage) {
      const { repository } = stage.bench;
      await repository.write({ 'one.txt': 'mine\n' });
      const refused = await stage.run();
      await stage.sh('mv one.txt mine.txt');
      await landsAfter(stage, 'merger/src/refusal.ts: pwt land', refused.stdout);
    },
  },
  {
    name: 'an untracked file is in the way: the hint of the warning',
    hints: ['pipeline/land.ts: pwt land …'],
    files: claimed,
    async play(stage) {
      await stage.bench.repository.write({ 'one.txt': 'mine\n' });
      const refused = await stage.run();
      await stage.sh('rm one.txt');
      await landsAfter(stage, 'pipeline/land.ts: pwt land …', refused.stdout);
    },
  },
];
