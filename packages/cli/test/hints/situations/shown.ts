import { expect } from 'vitest';
import { spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';

/** Commands without a hole that only show something: they leave nothing to lead out of, and must run. */
const shown = [
  ...['git/src/worktrees.ts: git help check-ref-format', 'restore/restore.ts: git help check-ref-format'],
  ...[
    'worktree/src/naming.ts: git help check-ref-format',
    'worktree/src/recovery-hint.ts: git fsck --lost-found',
  ],
  ...['git/src/refs.ts: git reflog --all', 'git/src/tree.ts: git reflog --all'],
  ...[
    'worktree/src/git-worktree-provider.ts: git worktree list',
    'worktree/src/prepare.ts: git worktree list',
    'worktree/src/parked.ts: git worktree list',
  ],
  ...['core/src/repository-changes.ts: git stash list', 'worktree/src/make-worktree.ts: pwt status'],
  ...['cli/src/report-error.ts: pwt status', 'view/diagnostics-text.ts: pwt plan --check'],
  ...['plan/matrix-lines.ts: pwt plan --format html', 'plan/plan-around.ts: pwt plan'],
  'plan/brief-lines.ts: pwt plan -v',
  ...['coordinator/src/journal/file-journal-store.ts: pwt status --all', 'config/load.ts: pwt doctor'],
  ...['coordinator/src/lock.ts: pwt doctor', 'coordinator/src/journal/file-journal.ts: pwt doctor'],
  ...['git/src/failure-text.ts: pwt doctor', 'git/src/failure-text.ts: pwt doctor'],
  ...[
    'git/src/failure-text.ts: pwt doctor',
    'restore/snapshots.ts: pwt status',
    'restore/snapshots.ts: pwt restore',
  ],
  ...['restore/snapshots.ts: pwt restore', 'commands/init.ts: pwt plan'],
  'coordinator/src/reason-of.ts: pwt doctor',
];

export const show: Situation = {
  name: 'something is only to be looked at',
  hints: shown,
  files: spec(1, 'one.txt', '@claims'),
  async play(stage) {
    await stage.run();
    const done = new Set<string>();
    for (const name of shown) {
      const command = stage.spelled(name);
      // A manual page needs a pager and its pages, which a machine for tests need not have.
      if (done.has(command) || command.startsWith('git help')) continue;
      done.add(command);
      expect(await stage.sh(command), command).toMatchObject({ exitCode: 0 });
    }
  },
};
