import { expect } from 'vitest';
import { Accounts } from '../../support/accounts.js';
import { spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';

/** Tasks that did not come through, and what `run` says about them. */
export const tasks: readonly Situation[] = [
  {
    name: 'a task names no file',
    hints: [
      'plan/brief-lines.ts: pwt scope',
      'commands/scope.ts: pwt scope --write',
      'commands/scope.ts: pwt plan',
      'scopes/with-scopes.ts: pwt scope …',
    ],
    files: {
      'specs/SPEC-1-x.md': '# Make it better\n',
      'specs/SPEC-2-x.md': '# Make the rest better\n',
      'pwt.config.json': JSON.stringify({
        agent: {
          command: [
            'sh',
            '-c',
            'echo \'{"1": {"create": ["a.ts"]}, "2": {"create": ["b.ts"]}}\' > pwt-scope.json',
          ],
        },
      }),
    },
    async play(stage) {
      const alone = await stage.pwt('plan');
      await stage.pwt('scope', '--yes');
      const shown = await stage.follow('plan/brief-lines.ts: pwt scope', alone);
      const written = await stage.follow('commands/scope.ts: pwt scope --write', shown);
      const plan = await stage.follow('commands/scope.ts: pwt plan', written);
      expect(plan).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('runs alone') });
      await stage.bench.repository.write({ 'specs/SPEC-1-x.md': '# Make it even better\n' });
      const stale = await stage.pwt('plan');
      const again = await stage.follow('scopes/with-scopes.ts: pwt scope …', stale);
      expect(again.stdout).toContain('  create  a.ts');
    },
  },
  {
    name: 'a task is kept back by its status',
    hints: ['sources/src/format-source.ts: pwt run …'],
    files: {
      '.beads/issues.jsonl': [
        '{"id":"bd-1","title":"One","status":"open"}',
        '{"id":"bd-2","title":"Two","status":"deferred"}',
      ].join('\n'),
      'pwt.config.json': JSON.stringify({
        formats: ['beads'],
        agent: { command: ['sh', '-c', 'echo x > "$PWT_TASK_ID.txt"'] },
      }),
    },
    async play(stage) {
      await stage.pwt('run', '--yes', 'bd-1');
      const plan = await stage.pwt('plan');
      const run = await stage.follow('sources/src/format-source.ts: pwt run …', plan);
      expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/landed +bd-2/) });
    },
  },
  {
    name: 'a task is held by the audit',
    hints: ['status/next-steps.ts: pwt resume…'],
    files: spec(1, 'one.txt', '@claims', '@write other.txt x'),
    async play(stage) {
      const held = await stage.run('--audit', 'strict');
      await stage.follow('status/next-steps.ts: pwt resume…', held);
      expect((await stage.pwt('status')).stdout).toMatch(/landed +1/);
    },
  },
  {
    name: 'a task is said to need no change that has some, and after its end',
    hints: ['done/state-no-change.ts: git status', 'done/own-attempt.ts: pwt status --run …'],
    files: spec(1, 'one.txt'),
    async play(stage) {
      await stage.runScript('echo new > one.txt; pwt done --no-change -m why; exit 3');
      const { worktree } = JSON.parse((await stage.pwt('status', '--json')).stdout).tasks[0];
      const logs = await stage.pwt('logs', '1');
      const status = await stage.follow('done/state-no-change.ts: git status', logs, worktree);
      expect(status.stdout).toContain('one.txt');
      const late = await stage.sh('pwt done --no-change -m why', worktree);
      const shown = await stage.follow('done/own-attempt.ts: pwt status --run …', late, worktree);
      expect(shown.stdout).toMatch(/failed +1/);
    },
  },
  {
    name: 'the reason of a task that is held by the audit',
    hints: ['pipeline/audit.ts: pwt resume --audit warn'],
    files: spec(1, 'one.txt', '@claims', '@write other.txt x'),
    async play(stage) {
      const held = await stage.run('--audit', 'strict');
      expect(await stage.follow('pipeline/audit.ts: pwt resume --audit warn', held)).toMatchObject({
        exitCode: 0,
      });
    },
  },
  {
    name: 'a held task is tried again',
    hints: ['cli/src/continue-run.ts: pwt resume'],
    files: spec(1, 'one.txt', '@claims', '@write other.txt x'),
    async play(stage) {
      await stage.run('--audit', 'strict');
      const retried = await stage.pwt('retry', '1', '--audit', 'warn');
      expect(retried.exitCode).toBe(0);
      const resumed = await stage.follow('cli/src/continue-run.ts: pwt resume', retried.stderr);
      expect(resumed).toMatchObject({ exitCode: 0, stdout: 'Nothing to resume.\n' });
    },
  },
  {
    name: 'an agent fails, and its specs are mended',
    hints: ['status/retry-steps.ts: pwt logs …', 'status/retry-steps.ts: pwt retry …'],
    files: spec(1, 'one.txt', '@say no luck', '@exit 3'),
    async play(stage) {
      const failed = await stage.run();
      expect((await stage.follow('status/retry-steps.ts: pwt logs …', failed)).stdout).toContain('no luck');
      const again = await stage.follow('status/retry-steps.ts: pwt retry …', failed);
      expect(again.stdout).toContain('1: goes on after failed: exit code 3');
    },
  },
  {
    name: 'the gate is red without any task',
    hints: ['pipeline/warnings.ts: pwt logs --gate'],
    files: spec(1, 'one.txt', '@claims'),
    async play(stage) {
      const run = await stage.run('--gate', 'echo the base says no; exit 1');
      expect((await stage.follow('pipeline/warnings.ts: pwt logs --gate', run)).stdout).toContain(
        'the base says no',
      );
    },
  },
  {
    name: 'the gate is red',
    hints: ['status/retry-steps.ts: pwt logs --gate …'],
    files: spec(1, 'one.txt', '@claims'),
    async play(stage) {
      const failed = await stage.run('--gate', 'test ! -e one.txt || { echo the gate says no; exit 1; }');
      expect((await stage.follow('status/retry-steps.ts: pwt logs --gate …', failed)).stdout).toContain(
        'the gate says no',
      );
    },
  },
  {
    name: 'the program of the gate is missing, and is installed',
    hints: ['status/next-steps.ts: pwt logs --gate …', 'status/next-steps.ts: pwt retry …'],
    files: spec(1, 'one.txt', '@claims'),
    async play(stage) {
      const held = await stage.run('--gate', 'check-it');
      const logs = await stage.follow('status/next-steps.ts: pwt logs --gate …', held);
      expect(logs.stdout).toMatch(/check-it.*not found/);
      await stage.sh('printf "#!/bin/sh\n" > ../bin/check-it; chmod +x ../bin/check-it');
      const again = await stage.follow('status/next-steps.ts: pwt retry …', held);
      expect(again.stdout).toContain('1: integrated');
      expect(again.stdout).not.toContain('1: agent started');
    },
  },
  {
    name: 'work of an earlier run is to be tested again, and no gate has rejected it',
    hints: ['resume/test-again.ts: pwt retry … --run …'],
    files: spec(1, 'one.txt', '@say no luck', '@exit 3'),
    async play(stage) {
      const { stdout } = await stage.run();
      const [, earlier = ''] = /run (\S+) onto/.exec(stdout) ?? [];
      await stage.run();
      const refused = await stage.pwt('retry', '1', '--run', earlier, '--regate');
      expect(refused.stdout).not.toContain('1: agent started');
      const again = await stage.follow('resume/test-again.ts: pwt retry … --run …', refused);
      expect(again.stdout).toContain(`resumed run ${earlier}\n`);
      expect(again.stdout).toContain('1: agent started');
    },
  },
  {
    name: 'tasks wait for each other in a circle',
    hints: ['status/retry-steps.ts: pwt plan --check', 'status/retry-steps.ts: pwt run …'],
    files: {
      ...spec(1, 'one.txt', '## Dependencies', '', '- SPEC-2', '', '@claims'),
      ...spec(2, 'two.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    },
    async play(stage) {
      const stuck = await stage.run();
      const found = await stage.follow('status/retry-steps.ts: pwt plan --check', stuck);
      expect(found.stdout).toContain('PWT_DEPENDENCY_CYCLE');
      await stage.bench.repository.write(spec(1, 'one.txt', '@claims'));
      await stage.bench.repository.commitAll('no circle');
      expect(await stage.follow('status/retry-steps.ts: pwt run …', stuck)).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'a task of the plan has landed before',
    hints: ['plan/landed-before.ts: pwt run …'],
    files: { ...spec(1, 'one.txt', '@claims') },
    async play(stage) {
      await stage.run();
      const nothing = await stage.run();
      const named = await stage.follow('plan/landed-before.ts: pwt run …', nothing);
      expect(named.stdout).toMatch(/1: agent started/);
    },
  },
  {
    name: 'a run has used what it may',
    hints: ['status/next-steps.ts: pwt resume…'],
    files: { ...spec(1, 'one.txt'), ...spec(2, 'two.txt') },
    async play(stage) {
      await Accounts.install(stage.bench);
      const capped = await stage.run('--agent', 'claude', '--max-instances', '1', '--max-tokens', '50');
      const resume = stage.printed('status/next-steps.ts: pwt resume…', capped);
      expect(resume).toContain('--max-tokens run=200');
      expect(await stage.sh(resume)).toMatchObject({ exitCode: 0 });
      expect((await stage.pwt('status')).stdout).toMatch(/landed +1[\s\S]*landed +2/);
    },
  },
  {
    name: 'a task has used what it may',
    hints: ['status/retry-steps.ts: pwt retry …'],
    files: spec(1, 'one.txt'),
    async play(stage) {
      const accounts = await Accounts.install(stage.bench);
      await accounts.makeEndless('claude');
      const capped = await stage.run('--agent', 'claude', '--max-tokens', 'task=90');
      await accounts.restore('claude');
      const retry = stage.printed('status/retry-steps.ts: pwt retry …', capped);
      expect(retry).toContain('--max-tokens task=400');
      expect(await stage.sh(retry)).toMatchObject({ exitCode: 0 });
    },
  },
];
