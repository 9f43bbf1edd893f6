import { once } from 'node:events';
import { expect } from 'vitest';
import { runArguments, spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const files = spec(1, 'one.txt', '@claims');

const twoTasks = { ...files, ...spec(2, 'two.txt', '@claims') };

/**
 * Starts two tasks, and waits until the first is integrated; the second goes on until there is a file `../go`.
 *
 * @param act what the agent of the first does on top, in the user's checkout
 */
async function startTwo(stage: Stage, act: string, ...args: readonly string[]) {
  const main = stage.bench.repository.path;
  const first = `echo x > one.txt; cd '${main}'; ${act}`;
  const second = `until [ -e '${main}/../go' ]; do sleep 0.1; done; echo y > two.txt`;
  const agent = ['--', 'sh', '-c', `case $PWD in *wt1) ${first};; *) ${second};; esac`];
  const run = stage.start(...runArguments(['--yes']), ...args, ...agent);
  let stdout = '';
  await new Promise<void>((resolve) => {
    run.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const isRefused = act === ':' || stdout.includes('error: ');
      if (stdout.includes('1: integrated') && stdout.includes('2: agent started') && isRefused) resolve();
    });
  });
  return { ended: once(run, 'close'), printed: stdout };
}

/** Mistakes at the command line, and what is said where there is nothing yet. */
export const commands: readonly Situation[] = [
  {
    name: 'there has been no run',
    hints: ['commands/land.ts: pwt run', 'commands/status.ts: pwt run', 'project/run-store.ts: pwt run'],
    files,
    async play(stage) {
      await stage.run('--dry-run');
      const printed = await stage.pwt('land');
      stage.printed('commands/land.ts: pwt run', printed);
      stage.printed('commands/status.ts: pwt run', await stage.pwt('status'));
      // The agent of the configuration is approved by the first run on.
      await stage.run('--min-disk', '1B', '--no-merge', '--setup', 'exit 1');
      await stage.pwt('clean', '--force-dirty', '--force-unmerged');
      await stage.sh('rm -r .git/pwt/runs');
      const started = await stage.follow('project/run-store.ts: pwt run', await stage.pwt('retry', '1'));
      expect(started.stdout).toContain('1: agent started');
    },
  },
  {
    name: 'help is asked for that is not there',
    hints: ['commands/help.ts: pwt help'],
    async play(stage) {
      const unknown = await stage.pwt('help', 'gaets');
      expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean gates?') });
      expect((await stage.follow('commands/help.ts: pwt help', unknown)).stdout).toContain('gates');
    },
  },
  {
    name: 'there is a configuration already',
    hints: ['commands/init.ts: pwt init --force'],
    async play(stage) {
      const refused = await stage.pwt('init');
      expect(await stage.follow('commands/init.ts: pwt init --force', refused)).toMatchObject({
        exitCode: 0,
      });
    },
  },
  {
    name: 'a run or a task is unknown',
    hints: [
      'plan/select-tasks.ts: pwt status',
      'coordinator/src/journal/file-journal-store.ts: pwt status --all',
    ],
    files,
    async play(stage) {
      await stage.run();
      const task = await stage.pwt('retry', '77');
      expect((await stage.follow('plan/select-tasks.ts: pwt status', task)).stdout).toMatch(/landed +1/);
      const run = await stage.pwt('status', '--run', 'nope');
      const all = await stage.follow('coordinator/src/journal/file-journal-store.ts: pwt status --all', run);
      expect(all.stdout).toMatch(/finished {2}1\/1/);
    },
  },
  {
    name: 'a task that no spec describes is to run',
    hints: ['plan/load-tasks.ts: pwt plan'],
    files,
    async play(stage) {
      const unknown = await stage.run('77');
      expect((await stage.follow('plan/load-tasks.ts: pwt plan', unknown)).stdout).toContain('Task 1');
    },
  },
  {
    name: 'the target does not exist',
    hints: ['project/project.ts: git branch -- …'],
    files,
    async play(stage) {
      const missing = await stage.run('--target', "it's-next");
      expect(await stage.follow('project/project.ts: git branch -- …', missing)).toMatchObject({
        exitCode: 0,
      });
      expect(await stage.run('--target', "it's-next")).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'there is no configuration',
    hints: ['doctor/diagnose.ts: pwt init'],
    async play(stage) {
      await stage.sh('rm pwt.config.json');
      const checked = await stage.pwt('doctor');
      expect(await stage.follow('doctor/diagnose.ts: pwt init', checked)).toMatchObject({ exitCode: 0 });
      expect((await stage.pwt('doctor')).stdout).not.toContain('→ pwt init');
    },
  },
  {
    name: 'there is no commit',
    hints: [
      'doctor/diagnose.ts: git add . && git commit -m "Start"',
      'git/src/requirements.ts: git add . && git commit -m "Start"',
    ],
    async play(stage) {
      await stage.sh('rm -rf .git; git init -q -b main');
      const failed = await stage.run();
      stage.printed('git/src/requirements.ts: git add . && git commit -m "Start"', failed);
      const checked = await stage.pwt('doctor');
      await stage.follow('doctor/diagnose.ts: git add . && git commit -m "Start"', checked);
      expect((await stage.pwt('doctor')).stdout).not.toContain('git commit -m');
    },
  },
  {
    name: 'another run is active',
    hints: [
      ...['coordinator/src/lock.ts: pwt status', 'coordinator/src/lock.ts: pwt stop'],
      ...['commands/stop.ts: pwt resume', 'view/stop-text.ts: pwt resume', 'clean/in-use.ts: pwt stop'],
    ],
    files: spec(1, 'one.txt', '@say at work', '@wait ../go', '@claims'),
    async play(stage) {
      const run = stage.start(...runArguments(['--yes']));
      let stdout = '';
      let stderr = '';
      run.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      await new Promise<void>((resolve) => {
        run.stdout?.setEncoding('utf8').on('data', (text: string) => {
          stdout += text;
          if (stdout.includes('1: agent started')) resolve();
        });
      });
      const ended = once(run, 'close');
      const locked = await stage.run();
      const status = await stage.follow('coordinator/src/lock.ts: pwt status', locked);
      expect(status.stdout).toMatch(/running +1/);
      stage.printed('clean/in-use.ts: pwt stop', await stage.pwt('clean'));
      const stopped = await stage.follow('coordinator/src/lock.ts: pwt stop', locked);
      expect(stopped.stdout).toContain('lets its agents finish');
      run.kill('SIGTERM');
      expect(await ended).toEqual([130, null]);
      await stage.sh('touch ../go');
      stage.printed('view/stop-text.ts: pwt resume', stderr);
      const resumed = await stage.follow('commands/stop.ts: pwt resume', stopped);
      expect(resumed.stdout).toContain('1: integrated');
    },
  },
  {
    name: 'what stands in the way of a landing is put right while the run goes on',
    hints: ['run/land.ts: pwt status', 'core/src/repository-config.ts: pwt land'],
    files: twoTasks,
    async play(stage) {
      const { ended, printed } = await startTwo(stage, 'git config core.bare true');
      await stage.sh('git config --file .git/config core.bare false');
      const locked = await stage.follow('core/src/repository-config.ts: pwt land', printed);
      expect(locked).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('lands by itself') });
      const status = await stage.follow('run/land.ts: pwt status', locked);
      expect(status.stdout).toMatch(/running +2/);
      await stage.sh('touch ../go');
      expect(await ended).toEqual([0, null]);
      expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': expect.any(String) });
    },
  },
  {
    name: 'a run that does not land is active',
    hints: ['run/land.ts: pwt land… …'],
    files: twoTasks,
    async play(stage) {
      const { ended } = await startTwo(stage, ':', '--no-merge');
      const locked = await stage.pwt('land');
      await stage.sh('touch ../go');
      expect(await ended).toEqual([0, null]);
      await stage.follow('run/land.ts: pwt land… …', locked);
      expect(await stage.bench.repository.filesOf('main')).toMatchObject({ 'one.txt': expect.any(String) });
    },
  },
  {
    name: 'the process of a run has died',
    hints: [
      ...[
        'doctor/repository.ts: pwt resume',
        'doctor/repository.ts: pwt resume …',
        'run/make-ready.ts: pwt resume …',
      ],
      ...['clean/in-use.ts: pwt resume …', 'status/next-steps.ts: pwt resume…'],
    ],
    files: { ...spec(1, 'one.txt', '@wait ../go', '@claims'), ...spec(2, 'two.txt', '@claims') },
    async play(stage) {
      const run = stage.start(...runArguments(['--yes', '--max-instances', '1']), '1');
      await new Promise<void>((resolve) => {
        run.stdout?.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('1: agent started')) resolve();
        });
      });
      run.kill('SIGKILL');
      await once(run, 'close');
      await stage.sh('touch ../go');
      stage.printed('status/next-steps.ts: pwt resume…', await stage.pwt('status'));
      stage.printed('clean/in-use.ts: pwt resume …', await stage.pwt('clean'));
      const checked = await stage.pwt('doctor');
      stage.printed('doctor/repository.ts: pwt resume', checked);
      stage.printed('doctor/repository.ts: pwt resume …', checked);
      const other = await stage.run('2');
      const resumed = await stage.follow('run/make-ready.ts: pwt resume …', other);
      expect(resumed.stdout).toContain('1: integrated');
      expect((await stage.pwt('doctor')).stdout).not.toContain('pwt resume');
    },
  },
  {
    name: 'there is no agent, no spec, no configuration file',
    hints: ['parts/agent-launcher.ts: pwt init', 'config/load.ts: pwt init'],
    async play(stage) {
      const missing = await stage.pwt('plan', '--config', 'nope.json');
      await stage.bench.repository.write(files);
      await stage.sh(
        'git rm -q --cached pwt.config.json; rm pwt.config.json; git add specs; git commit -qm specs',
      );
      stage.printed('parts/agent-launcher.ts: pwt init', await stage.run());
      expect(await stage.follow('config/load.ts: pwt init', missing)).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'there is no repository',
    hints: ['git/src/failure.ts: git init'],
    async play(stage) {
      await stage.sh('mkdir ../elsewhere');
      const { parent } = stage.bench.repository;
      const cwd = `${parent}/elsewhere`;
      const none = await stage.sh('pwt status', cwd);
      await stage.follow('git/src/failure.ts: git init', none, cwd);
      expect((await stage.sh('pwt status', cwd)).stdout).toBe('No run yet. Start one with: pwt run\n');
    },
  },
  {
    name: 'worktrees of an earlier run are left',
    hints: ['doctor/repository.ts: pwt clean', 'commands/clean.ts: pwt restore …'],
    files,
    async play(stage) {
      await stage.runScript('echo x > half.txt; exit 3');
      const cleaned = await stage.follow('doctor/repository.ts: pwt clean', await stage.pwt('doctor'));
      expect(cleaned.stdout).toContain('--force-dirty 1');
      const { stdout } = await stage.pwt('clean', '--force-dirty', '--force-unmerged');
      const shown = await stage.follow('commands/clean.ts: pwt restore …', stdout);
      expect(shown.stdout).toContain('half.txt');
      expect((await stage.pwt('doctor')).stdout).not.toContain('→ pwt clean');
    },
  },
  {
    name: 'something else is where the worktree of a task was that starts over',
    hints: ['coordinator/src/pipeline/start-over.ts: mv … …'],
    files,
    async play(stage) {
      await stage.runScript('exit 3', '--worktree', "../it's a {repo} {id}");
      await stage.sh(`cd ..; rm -rf "it's a project 1"; git init -q "it's a project 1"`);
      const refused = await stage.pwt('retry', '1', '--fresh');
      await stage.follow('coordinator/src/pipeline/start-over.ts: mv … …', refused);
      expect((await stage.pwt('retry', '1', '--fresh')).stdout).toContain('1: starts over');
    },
  },
  {
    name: 'the configuration is code that is not approved',
    hints: ['approval/code-approval.ts: pwt plan --yes', 'doctor/diagnose.ts: pwt plan --yes'],
    files,
    async play(stage) {
      await stage.sh('rm pwt.config.json; echo "export default {}" > pwt.config.mjs');
      stage.printed('doctor/diagnose.ts: pwt plan --yes', await stage.pwt('doctor'));
      const refused = await stage.pwt('plan');
      await stage.follow('approval/code-approval.ts: pwt plan --yes', refused);
      const plan = await stage.pwt('plan');
      expect(plan).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('--yes') });
    },
  },
  {
    name: 'the repository says of itself that it is bare',
    hints: ['git/src/requirements.ts: git config --file …'],
    files,
    async play(stage) {
      await stage.bench.repository.git('config', 'core.bare', 'true');
      await stage.follow('git/src/requirements.ts: git config --file …', await stage.pwt('status'));
      expect(await stage.pwt('status')).toMatchObject({ exitCode: 0 });
    },
  },
];
