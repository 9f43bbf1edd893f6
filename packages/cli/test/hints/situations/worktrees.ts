import { expect } from 'vitest';
import { type Outcome, spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const files = spec(1, 'one.txt', '@claims');
/** Spaces and quotes, which a hint has to quote. */
const ODD = "../it's a {repo} {id}";

async function startsOver(stage: Stage): Promise<void> {
  expect(await stage.pwt('retry', '1')).toMatchObject({ exitCode: 0 });
}

/** The agent commits its work and leaves its worktree in a state from which nothing can be collected. */
const BUSY = 'echo x > one.txt; git add .; git commit -qm work; git bisect start';

/** The agent commits on its branch, and then on another one. */
const APART =
  'echo x > one.txt; git add .; git commit -qm first; git checkout -qb side main; echo y > two.txt; git add .; git commit -qm second';

async function heldAsBusy(stage: Stage): Promise<Outcome> {
  const held = await stage.runScript(BUSY);
  expect(held.stdout).toContain('1: held: PWT_WORKTREE_BUSY');
  return held;
}

async function landed(stage: Stage): Promise<void> {
  expect((await stage.pwt('status')).stdout).toMatch(/landed +1/);
}

/** What is in the way of a worktree, and worktrees that are lost. */
export const worktrees: readonly Situation[] = [
  {
    name: 'the branch of a task is taken',
    hints: [
      'worktree/src/make-worktree.ts: git branch -m … …',
      'worktree/src/make-worktree.ts: git branch -d …',
    ],
    files,
    async play(stage) {
      await stage.bench.repository.git('branch', 'feature/us-001');
      const failed = await stage.run();
      expect(await stage.follow('worktree/src/make-worktree.ts: git branch -m … …', failed)).toMatchObject({
        exitCode: 0,
      });
      await stage.bench.repository.git('branch', 'feature/us-001');
      const again = await stage.pwt('retry', '1');
      expect(await stage.follow('worktree/src/make-worktree.ts: git branch -d …', again)).toMatchObject({
        exitCode: 0,
      });
      await startsOver(stage);
    },
  },
  {
    name: 'a folder is where the worktree is to be',
    hints: ['worktree/src/make-worktree.ts: mv … …'],
    files,
    async play(stage) {
      await stage.sh(`mkdir "../it's a project 1"`);
      const failed = await stage.run('--worktree', ODD);
      expect(await stage.follow('worktree/src/make-worktree.ts: mv … …', failed)).toMatchObject({
        exitCode: 0,
      });
      await startsOver(stage);
    },
  },
  {
    name: "another worktree is where the task's is to be",
    hints: ['worktree/src/make-worktree.ts: git worktree move … …'],
    files,
    async play(stage) {
      await stage.sh(`git worktree add -q -b mine "../it's a project 1"`);
      const failed = await stage.run('--worktree', ODD);
      const moved = await stage.follow('worktree/src/make-worktree.ts: git worktree move … …', failed);
      expect(moved).toMatchObject({ exitCode: 0 });
      await startsOver(stage);
    },
  },
  {
    name: "a worktree that is gone is registered where the task's is to be",
    hints: ['worktree/src/make-worktree.ts: git worktree prune'],
    files,
    async play(stage) {
      await stage.sh('git worktree add -q -b mine ../project-wt1 && rm -r ../project-wt1');
      const failed = await stage.run();
      await stage.follow('worktree/src/make-worktree.ts: git worktree prune', failed);
      await startsOver(stage);
    },
  },
  {
    name: 'the worktree of an earlier run is in the way, and its work has been merged by hand',
    hints: ['worktree/src/make-worktree.ts: pwt clean'],
    files,
    async play(stage) {
      await stage.runScript('echo x > one.txt; git add .; git commit -qm work; exit 3');
      await stage.bench.repository.git('merge', '-q', 'feature/us-001');
      const failed = await stage.run('1');
      expect(await stage.follow('worktree/src/make-worktree.ts: pwt clean', failed)).toMatchObject({
        exitCode: 0,
      });
      expect((await stage.runScript('echo y > one.txt', '1')).stdout).toContain('1: integrated');
    },
  },
  {
    name: 'a worktree is in the middle of a bisection',
    hints: ['worktree/src/collect.ts: pwt resume'],
    files,
    async play(stage) {
      const held = await heldAsBusy(stage);
      await stage.sh('git -C ../project-wt1 bisect reset');
      await stage.follow('worktree/src/collect.ts: pwt resume', held);
      await landed(stage);
    },
  },
  {
    name: 'a held worktree is deleted',
    hints: ['worktree/src/recovery-hint.ts: git worktree add … … && pwt resume'],
    files,
    async play(stage) {
      await heldAsBusy(stage);
      await stage.sh('rm .git/worktrees/*/BISECT_LOG; rm -r ../project-wt1');
      const lost = await stage.pwt('resume');
      await stage.follow('worktree/src/recovery-hint.ts: git worktree add … … && pwt resume', lost);
      await landed(stage);
    },
  },
  {
    name: 'a held worktree is moved',
    hints: [
      'worktree/src/recovery-hint.ts: git worktree move … …',
      'worktree/src/recovery-hint.ts: pwt resume',
    ],
    files,
    async play(stage) {
      await heldAsBusy(stage);
      await stage.sh(`rm .git/worktrees/*/BISECT_LOG; git worktree move ../project-wt1 "../it's elsewhere"`);
      const names = [
        'worktree/src/recovery-hint.ts: git worktree move … …',
        'worktree/src/recovery-hint.ts: pwt resume',
      ];
      await stage.followLine(names, /go on: (.*)$/m, await stage.pwt('resume'));
      await landed(stage);
    },
  },
  {
    name: 'a held worktree has lost its link',
    hints: ['worktree/src/recovery-hint.ts: git worktree repair && pwt resume'],
    files,
    async play(stage) {
      await heldAsBusy(stage);
      await stage.sh('rm .git/worktrees/*/BISECT_LOG ../project-wt1/.git');
      const broken = await stage.pwt('resume');
      await stage.follow('worktree/src/recovery-hint.ts: git worktree repair && pwt resume', broken);
      await landed(stage);
    },
  },
  {
    name: 'an agent has gone on on another branch',
    hints: ['worktree/src/apart.ts: git -C … merge … && pwt resume'],
    files,
    async play(stage) {
      const held = await stage.runScript(APART, '--worktree', ODD);
      expect(held.stdout).toMatch(/1: held: .*[0-9a-f]{7} first/);
      expect(held.exitCode).toBe(1);
      const outcome = await stage.follow('worktree/src/apart.ts: git -C … merge … && pwt resume', held);
      expect(outcome.exitCode).toBe(0);
      await landed(stage);
      expect(await stage.bench.repository.git('log', '--format=%s')).toMatch(/first/);
      expect(await stage.bench.repository.git('log', '--format=%s')).toMatch(/second/);
    },
  },
  {
    name: 'an agent has started over on another branch',
    hints: ['worktree/src/apart.ts: git -C … branch -m … … && pwt resume'],
    files,
    async play(stage) {
      const held = await stage.runScript(APART);
      const outcome = await stage.follow('worktree/src/apart.ts: git -C … branch -m … … && pwt resume', held);
      expect(outcome.exitCode).toBe(0);
      await landed(stage);
      expect(await stage.bench.repository.git('log', '--format=%s')).not.toMatch(/first/);
      expect(await stage.bench.repository.git('log', '--format=%s', 'apart/feature/us-001')).toMatch(/first/);
    },
  },
  {
    name: 'an uncommitted worktree is kept by clean',
    hints: ['commands/clean.ts: pwt clean … …'],
    files,
    async play(stage) {
      await stage.runScript('echo x > "half done.txt"; exit 3');
      const kept = await stage.pwt('clean');
      expect((await stage.follow('commands/clean.ts: pwt clean … …', kept)).stdout).toContain('removed ');
      expect((await stage.pwt('restore', '1', '--to', '../back')).exitCode).toBe(0);
    },
  },
  {
    name: 'a locked worktree is kept by clean',
    hints: ['worktree/src/removable.ts: git worktree unlock …'],
    files,
    async play(stage) {
      await stage.runScript('exit 3', '--worktree', ODD);
      await stage.sh(`git worktree lock "../it's a project 1"`);
      const kept = await stage.pwt('clean', '--force-dirty', '--force-unmerged');
      await stage.follow('worktree/src/removable.ts: git worktree unlock …', kept);
      expect((await stage.pwt('clean', '--force-dirty', '--force-unmerged')).stdout).toContain('removed ');
    },
  },
  {
    name: 'the branch of a task is checked out elsewhere when its worktree is cleaned',
    hints: ['worktree/src/removable.ts: git -C … checkout --detach'],
    files,
    async play(stage) {
      await stage.runScript('exit 3');
      await stage.sh(`git worktree add -q -f "../it's mine" feature/us-001`);
      const kept = await stage.pwt('clean');
      await stage.follow('worktree/src/removable.ts: git -C … checkout --detach', kept);
      expect((await stage.pwt('clean')).stdout).toMatch(/removed .*project-wt1/);
    },
  },
];
