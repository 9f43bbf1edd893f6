import { expect } from 'vitest';
import { runArguments, spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const files = spec(1, 'one.txt', '@claims');
const WORK = 'echo x > one.txt';

/** Runs a task whose agent does its work and then something to the repository of its user. */
function meddle(stage: Stage, script: string) {
  const main = stage.bench.repository.path;
  return stage.runScript(`${WORK}; cd '${main}'; ${script}`);
}

async function lands(stage: Stage): Promise<void> {
  expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': expect.any(String) });
}

/** What an agent has done to the repository of its user. */
export const foreign: readonly Situation[] = [
  {
    name: 'an agent has committed in the checkout of its user',
    hints: ['run/lookout/added-commits.ts: git log …'],
    files,
    async play(stage) {
      const ended = await meddle(stage, 'git commit -q --allow-empty -m "it\'s a stray"');
      expect(ended).toMatchObject({ exitCode: 0 });
      const { stdout } = await stage.follow('run/lookout/added-commits.ts: git log …', ended);
      expect(stdout.match(/^commit /gm)).toHaveLength(1);
      expect(stdout).toContain("it's a stray");
    },
  },
  {
    name: 'an agent has switched the checkout of its user',
    hints: ['core/src/repository-changes.ts: git -C … switch …'],
    files,
    async play(stage) {
      const { stdout } = await meddle(stage, 'git switch -q -c "it\'s-other"');
      await stage.follow('core/src/repository-changes.ts: git -C … switch …', stdout);
      expect(await stage.bench.repository.git('branch', '--show-current')).toBe('main');
    },
  },
  {
    name: 'an agent has checked the target out elsewhere',
    hints: ['core/src/repository-changes.ts: git -C … switch --detach'],
    files,
    async play(stage) {
      const { stdout } = await meddle(stage, 'git worktree add -q -f "../it\'s mine" main');
      await stage.follow('core/src/repository-changes.ts: git -C … switch --detach', stdout);
      await stage.pwt('land');
      await lands(stage);
    },
  },
  {
    name: 'an agent has deleted a foreign branch, and the target',
    hints: [
      ...[
        'core/src/repository-changes.ts: git update-ref … …',
        'core/src/repository-changes.ts: git update-ref … …',
      ],
      'core/src/repository-changes.ts: pwt land',
    ],
    files,
    async play(stage) {
      await stage.bench.repository.git('branch', "it's/mine");
      const other = await meddle(stage, 'git branch -q -D "it\'s/mine"');
      await stage.follow('core/src/repository-changes.ts: git update-ref … …', other);
      expect(await stage.bench.repository.git('rev-parse', "it's/mine")).toMatch(/^[0-9a-f]{40}/);
      await stage.bench.repository.write(spec(2, 'two.txt', '@claims'));
      await stage.bench.repository.commitAll('two');
      const main = stage.bench.repository.path;
      const target = await stage.runScript(
        `echo y > two.txt; cd '${main}'; git update-ref -d refs/heads/main`,
        '2',
      );
      await stage.follow('core/src/repository-changes.ts: git update-ref … …', target);
      await stage.follow('core/src/repository-changes.ts: pwt land', target);
      expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'two.txt': 'y\n' });
    },
  },
  {
    name: 'an agent has renamed the target',
    hints: ['core/src/repository-changes.ts: git branch -m … …', 'core/src/repository-changes.ts: pwt land'],
    files,
    async play(stage) {
      const renamed = await meddle(stage, 'git branch -m main "it\'s-old"');
      await stage.follow('core/src/repository-changes.ts: git branch -m … …', renamed);
      await stage.follow('core/src/repository-changes.ts: pwt land', renamed);
      await lands(stage);
    },
  },
  {
    name: 'an agent has made the repository of its user bare',
    hints: ['core/src/repository-config.ts: git config --file …', 'core/src/repository-config.ts: pwt land'],
    files,
    async play(stage) {
      const bare = await meddle(stage, 'git config core.bare true');
      const line = /run pwt land: (git config .*)$/m;
      await stage.followLine(['core/src/repository-config.ts: git config --file …'], line, bare);
      await stage.follow('core/src/repository-config.ts: pwt land', bare);
      await lands(stage);
    },
  },
  {
    name: 'an agent has configured a command',
    hints: [
      'core/src/repository-config.ts: git config --file … --list',
      'run/require-trust.ts: git config --file … --unset-all …',
    ],
    files: { ...files, ...spec(2, 'two.txt', '@claims') },
    async play(stage) {
      const main = stage.bench.repository.path;
      const set = await stage.runScript(
        `${WORK}; cd '${main}'; git config "filter.it's.clean" "touch ran"`,
        '1',
      );
      const shown = await stage.follow('core/src/repository-config.ts: git config --file … --list', set);
      expect(shown.stdout).toContain('touch ran');
      const untrusted = await stage.run('2');
      const line = /take them out: (git config .*)\. If you did/;
      await stage.followLine(['run/require-trust.ts: git config --file … --unset-all …'], line, untrusted);
      expect(await stage.run('2')).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'the target is rewritten while a run goes on',
    hints: [
      'status/next-steps.ts: pwt land --onto-rewritten',
      'lookout/rewrite.ts: pwt land --onto-rewritten …',
    ],
    files,
    async play(stage) {
      const rewritten = await meddle(stage, 'git commit -q --amend -m rewritten');
      stage.printed('lookout/rewrite.ts: pwt land --onto-rewritten …', rewritten);
      await stage.follow('status/next-steps.ts: pwt land --onto-rewritten', await stage.pwt('status'));
      await lands(stage);
    },
  },
  {
    name: 'the gate does not get a secret',
    hints: ['run/withheld-note.ts: pwt run --env gate=…'],
    files,
    async play(stage) {
      const env = { MY_TOKEN: 'x' };
      const gate = `test ! -e one.txt || test -n "$MY_TOKEN"`;
      const { stdout } = await stage.bench.pwt([...runArguments(['--yes']), '--gate', gate], { env });
      const command = stage.printed('run/withheld-note.ts: pwt run --env gate=…', stdout);
      await stage.pwt('clean', '--force-dirty', '--force-unmerged');
      const passed = await stage.sh(`MY_TOKEN=x ${command} --gate '${gate}'`);
      expect(passed.stdout).toContain('1 landed');
    },
  },
];
