import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const files = {
  'shared.txt': 'start\n',
  ...spec(1, 'shared.txt', '@write shared.txt one'),
  ...spec(2, 'shared.txt', '@write shared.txt two'),
};
const STEPS = 'status/review-steps.ts';
const lands = (stage: Stage) => stage.bench.repository.filesOf('main');

/** Two tasks that change the same line, one after the other, and both are ready. */
async function ready(stage: Stage, more: Readonly<Record<string, string>> = {}): Promise<void> {
  await stage.bench.repository.write(more);
  expect(await stage.run('--review', '--max-instances', '1')).toMatchObject({ exitCode: 0 });
}

/** A remote, and a `gh` that takes all. */
async function withForge(stage: Stage): Promise<string> {
  const { parent } = stage.bench.repository;
  const remote = join(parent, 'remote.git');
  const program = join(parent, 'bin', 'gh');
  await mkdir(join(parent, 'bin'), { recursive: true });
  await writeFile(program, '#!/bin/sh\necho https://forge.test/1\n');
  await chmod(program, 0o755);
  await stage.bench.repository.git('init', '--quiet', '--bare', remote);
  await stage.bench.repository.git('remote', 'add', 'origin', remote);
  return remote;
}

/** Work that a person decides on. */
export const review: readonly Situation[] = [
  {
    name: 'tested work is ready for its review',
    hints: [`${STEPS}: pwt diff …`, `${STEPS}: pwt land …`],
    files,
    async play(stage) {
      await ready(stage);
      const status = await stage.pwt('status');
      expect(await stage.follow(`${STEPS}: pwt diff …`, status)).toMatchObject({
        stdout: expect.stringContaining('+two'),
      });
      expect(await stage.follow(`${STEPS}: pwt land …`, status)).toMatchObject({ exitCode: 0 });
      expect(await lands(stage)).toMatchObject({ 'shared.txt': 'two\n' });
    },
  },
  {
    name: 'chosen work conflicts without other work',
    hints: [`${STEPS}: pwt land …`],
    files,
    async play(stage) {
      await ready(stage);
      const declined = await stage.pwt('land', '2');
      expect(declined).toMatchObject({ exitCode: 1 });
      await stage.followLine([`${STEPS}: pwt land …`], /together: (pwt land .*)$/m, declined);
      expect(await lands(stage)).toMatchObject({ 'shared.txt': 'two\n' });
    },
  },
  {
    name: 'chosen work conflicts with what has come to the target',
    hints: [`${STEPS}: pwt reject … -m …`],
    files,
    async play(stage) {
      await ready(stage);
      await stage.bench.repository.write({ 'shared.txt': 'theirs\n' });
      await stage.bench.repository.commitAll('theirs');
      const declined = await stage.pwt('land', '1');
      expect(declined).toMatchObject({ exitCode: 1 });
      const line = /^Send 1 back: (pwt reject .*)$/m;
      await stage.followLine([`${STEPS}: pwt reject … -m …`], line, declined);
      const status = await stage.pwt('status', '--json');
      expect(status.stdout).toContain('"attempts"');
    },
  },
  {
    name: 'a checkout is in the way of chosen work',
    hints: [`${STEPS}: pwt land …`],
    files,
    async play(stage) {
      await ready(stage);
      await stage.sh('echo mine > shared.txt');
      const declined = await stage.pwt('land', '1');
      expect(declined).toMatchObject({ exitCode: 1 });
      await stage.sh('git checkout -q shared.txt');
      await stage.followLine([`${STEPS}: pwt land …`], /^Land 1: (pwt land .*)$/m, declined);
      expect(await lands(stage)).toMatchObject({ 'shared.txt': 'one\n' });
    },
  },
  {
    name: 'a branch of a pull request is taken',
    hints: ['pr/push.ts: git push … --delete …'],
    files,
    async play(stage) {
      const remote = await withForge(stage);
      await stage.bench.repository.git('push', '--quiet', 'origin', 'HEAD:refs/heads/feature/us-001');
      await ready(stage);
      const refused = await stage.pwt('pr', '1');
      await stage.follow('pr/push.ts: git push … --delete …', refused);
      expect(await stage.pwt('pr', '1')).toMatchObject({ exitCode: 0 });
      expect(await stage.bench.repository.git('--git-dir', remote, 'branch')).toContain('feature/us-001');
    },
  },
  {
    name: 'a pull request needs more work with it',
    hints: ['commands/pr.ts: pwt pr --one … --run …'],
    files,
    async play(stage) {
      await withForge(stage);
      await ready(stage);
      const declined = await stage.pwt('pr', '2');
      expect(declined).toMatchObject({ exitCode: 1 });
      expect(await stage.follow('commands/pr.ts: pwt pr --one … --run …', declined)).toMatchObject({
        exitCode: 0,
      });
    },
  },
  {
    name: 'there is nothing to make pull requests of, and no remote',
    hints: ['pr/pr.ts: pwt status', 'pr/push.ts: git remote -v'],
    files,
    async play(stage) {
      await ready(stage);
      const none = await stage.pwt('pr');
      expect(none.stderr).toContain('PWT_REMOTE_UNKNOWN');
      await stage.follow('pr/push.ts: git remote -v', none);
      const remote = await withForge(stage);
      expect(remote).not.toBe('');
      await stage.pwt('land');
      const { stdout } = await stage.pwt('status', '--json');
      const [, runId = ''] = /"runId":"([^"]+)"/.exec(stdout) ?? [];
      const landed = await stage.pwt('pr', '--run', runId);
      expect(landed.stderr).toContain('PWT_TASK_NOT_READY');
      expect(await stage.follow('pr/pr.ts: pwt status', landed)).toMatchObject({ exitCode: 0 });
    },
  },
];
