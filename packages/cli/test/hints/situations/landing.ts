import { expect } from 'vitest';
import { spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const files = { 'shared.txt': 'start\n', '.gitignore': '*.log\n', ...spec(1, 'one.txt', '@claims') };
const REFUSED = 'merger/src/refusal.ts: pwt land';

/** Follows the hint of a refused landing once the way is clear, and sees that the work has landed. */
async function landsAfter(stage: Stage, hint: string, printed: string): Promise<void> {
  expect(await stage.follow(hint, printed)).toMatchObject({ exitCode: 0 });
  expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': expect.any(String) });
}

/** Brings the checkout into the middle of a merge, with a conflict. */
const MERGING =
  'git checkout -qb other; echo b > shared.txt; git commit -qam b; git checkout -q main; echo a > shared.txt; git commit -qam a; git merge other';

/** A landing that is refused after such a line in the user's shell, and goes through after another one. */
function refused(name: string, before: string, after: string): Situation {
  return {
    name,
    hints: [REFUSED],
    files,
    async play(stage) {
      await stage.sh(before);
      const { stdout } = await stage.run();
      expect(await stage.sh(after)).toMatchObject({ exitCode: 0 });
      await landsAfter(stage, REFUSED, stdout);
    },
  };
}

/** A landing that is refused after such a line in the user's shell, with a command that clears the way. */
function cleared(name: string, before: string, hint: string): Situation {
  return {
    name,
    hints: [hint],
    files,
    async play(stage) {
      await stage.sh(before);
      const { stdout } = await stage.run();
      expect(await stage.follow(hint, stdout)).toMatchObject({ exitCode: 0 });
      expect(await stage.pwt('land')).toMatchObject({ exitCode: 0 });
    },
  };
}

/** Work that is tested and did not land. */
export const landing: readonly Situation[] = [
  {
    name: 'landing is off',
    hints: ['status/next-steps.ts: pwt land…'],
    files,
    async play(stage) {
      const waiting = await stage.run('--no-merge');
      await landsAfter(stage, 'status/next-steps.ts: pwt land…', waiting.stdout);
    },
  },
  refused('an untracked file is where the landing adds one', 'echo mine > one.txt', 'mv one.txt mine.txt'),
  {
    name: 'an ignored file is where the landing adds one',
    hints: [REFUSED],
    files,
    async play(stage) {
      await stage.sh('echo mine > one.log');
      const { stdout } = await stage.runScript(
        'echo x > one.txt; cp one.txt one.log; git add -f .; git commit -qm work',
      );
      await stage.sh('rm one.log');
      await landsAfter(stage, REFUSED, stdout);
    },
  },
  refused(
    'a change of the user is in the way',
    'echo mine > one.txt; git add one.txt',
    'git rm -qf --cached one.txt; mv one.txt mine.txt',
  ),
  refused(
    'the checkout is in the middle of a merge that is finished',
    MERGING,
    'git checkout -q --ours shared.txt && git commit -qam merged',
  ),
  refused(
    'the target is checked out twice',
    'git worktree add -q -f ../second main',
    'git -C ../second checkout -q --detach',
  ),
  cleared('a merge is in progress', MERGING, 'merger/src/refusal.ts: git -C … … …'),
  cleared(
    'a bisection is in progress',
    'git commit -q --allow-empty -m more; git bisect start -q HEAD HEAD~1',
    'merger/src/refusal.ts: git -C … … …',
  ),
  {
    name: 'the warning of a landing that is refused',
    hints: ['landing/refusals.ts: pwt land …'],
    files,
    async play(stage) {
      await stage.sh('echo mine > one.txt');
      const { stdout } = await stage.run();
      await stage.sh('rm one.txt');
      await landsAfter(stage, 'landing/refusals.ts: pwt land …', stdout);
    },
  },
  {
    name: 'the integration ref was moved between two runs of pwt',
    hints: [
      'coordinator/src/resume/recover.ts: git branch pwt-…-… … && git update-ref refs/pwt/…/integration …',
    ],
    files,
    async play(stage) {
      await stage.run('--no-merge');
      const ref = await stage.bench.repository.git(
        'for-each-ref',
        '--format=%(refname)',
        'refs/pwt/*/integration',
      );
      await stage.sh(`git update-ref ${ref} $(git commit-tree -m x HEAD^{tree})`);
      const moved = await stage.pwt('land');
      await stage.follow(
        'coordinator/src/resume/recover.ts: git branch pwt-…-… … && git update-ref refs/pwt/…/integration …',
        moved,
      );
      expect(await stage.pwt('land')).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'the integration ref is moved while an agent works',
    hints: ['pipeline/advance.ts: git update-ref refs/pwt/…/integration …'],
    files,
    async play(stage) {
      const held = await stage.runScript(
        'echo x > one.txt; git update-ref refs/pwt/$PWT_RUN_ID/integration $(git commit-tree -m x HEAD^{tree})',
      );
      await stage.follow('pipeline/advance.ts: git update-ref refs/pwt/…/integration …', held);
      expect(await stage.pwt('resume')).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'the target was changed in a way that conflicts',
    hints: ['landing/join-target.ts: git merge --no-commit refs/pwt/…/integration'],
    files,
    async play(stage) {
      const main = stage.bench.repository.path;
      const { stdout } = await stage.runScript(
        `echo x > one.txt; cd '${main}'; echo mine > one.txt; git add one.txt; git commit -qm mine`,
      );
      await stage.follow('landing/join-target.ts: git merge --no-commit refs/pwt/…/integration', stdout);
      expect(await stage.sh('echo both > one.txt; git commit -qam joined')).toMatchObject({ exitCode: 0 });
      expect(await stage.pwt('land')).toMatchObject({ exitCode: 0 });
      expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': 'both\n' });
    },
  },
];
