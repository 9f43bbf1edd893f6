import { once } from 'node:events';
import { expect } from 'vitest';
import { runArguments, spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';

const files = spec(1, 'one.txt', '@claims');

/** Folders, names and leftovers. */
export const places: readonly Situation[] = [
  {
    name: 'the folder for temporary files is missing',
    hints: ['run/temporary-folder.ts: mkdir -p …'],
    files,
    async play(stage) {
      const warned = await stage.sh(
        'TMPDIR="$PWD/../it\'s gone" pwt run --yes --min-disk 0 --max-cpu-percent 100',
      );
      await stage.follow('run/temporary-folder.ts: mkdir -p …', warned);
      expect((await stage.sh('test -d "../it\'s gone"')).exitCode).toBe(0);
    },
  },
  {
    name: 'a run that was interrupted is given up',
    hints: ['clean/in-use.ts: pwt clean --abandon …'],
    files: spec(1, 'one.txt', '@write one.txt half', '@say at work', '@wait ../go'),
    async play(stage) {
      const run = stage.start(...runArguments(['--yes']));
      await new Promise<void>((resolve) => {
        run.stdout?.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('1: agent started')) resolve();
        });
      });
      run.kill('SIGKILL');
      await once(run, 'close');
      const kept = await stage.pwt('clean');
      const given = await stage.follow('clean/in-use.ts: pwt clean --abandon …', kept);
      expect(given.exitCode).toBe(0);
      expect((await stage.pwt('clean')).stdout).not.toContain('has not finished. To go on');
    },
  },
  {
    name: 'a landed worktree is locked',
    hints: ['status/clean-steps.ts: pwt clean …'],
    files,
    async play(stage) {
      const landed = await stage.runScript(
        'echo x > one.txt; git add .; git commit -qm work; git worktree lock "$PWD"',
      );
      await stage.sh('git worktree unlock ../project-wt1');
      const cleaned = await stage.follow('status/clean-steps.ts: pwt clean …', landed);
      expect(cleaned.stdout).toContain('removed ');
    },
  },
  {
    name: 'the target is in a worktree whose folder is gone and that is locked',
    hints: ['merger/src/refusal.ts: git worktree unlock … && git worktree prune'],
    files,
    async play(stage) {
      await stage.sh(
        'git worktree add -q -b next "../it\'s next" && git worktree lock "../it\'s next" && rm -r "../it\'s next"',
      );
      const refused = await stage.run('--target', 'next');
      await stage.follow('merger/src/refusal.ts: git worktree unlock … && git worktree prune', refused);
      expect(await stage.pwt('land')).toMatchObject({ exitCode: 0 });
    },
  },
  {
    name: 'templates that git or the file system does not take',
    hints: [
      "worktree/src/naming.ts: pwt run --branch 'feature/us-{id3}'",
      'worktree/src/location.ts: pwt run --worktree "$HOME/worktrees/{repo}-{id}"',
    ],
    files: { ...files, ...spec(2, 'two.txt', '@claims') },
    async play(stage) {
      const branch = await stage.run('1', '--branch', 'a..{id}');
      const named = await stage.follow("worktree/src/naming.ts: pwt run --branch 'feature/us-{id3}'", branch);
      expect(named.stdout).toContain('1: integrated');
      await stage.bench.repository.write(spec(3, 'three.txt', '@claims'));
      await stage.bench.repository.commitAll('three');
      const place = await stage.run('3', '--worktree', 'README.md/{id}');
      const hint = 'worktree/src/location.ts: pwt run --worktree "$HOME/worktrees/{repo}-{id}"';
      expect((await stage.follow(hint, place)).stdout).toContain('3: integrated');
    },
  },
  {
    name: 'an agent is installed, and none is configured',
    hints: ['doctor/agents.ts: pwt run --agent …'],
    files: { ...files, 'pwt.config.json': '{}' },
    async play(stage) {
      await stage.sh('printf "#!/bin/sh\\necho 2.1.0\\n" > ../bin/claude; chmod +x ../bin/claude');
      const checked = await stage.pwt('doctor');
      expect((await stage.follow('doctor/agents.ts: pwt run --agent …', checked)).stdout).toContain(
        '1: agent started',
      );
    },
  },
  {
    name: 'a snapshot was brought back, and is not needed any more',
    hints: ['commands/restore.ts: git worktree remove --force …'],
    files,
    async play(stage) {
      await stage.runScript('echo x > half.txt; exit 3');
      await stage.pwt('clean', '--force-dirty', '--force-unmerged');
      const back = await stage.pwt('restore', '1', '--to', "../it's back");
      await stage.follow('commands/restore.ts: git worktree remove --force …', back);
      expect((await stage.sh('test -e "../it\'s back"')).exitCode).toBe(1);
    },
  },
  {
    name: 'a task has failed with work that is not committed',
    hints: ['view/result-text.ts: pwt restore'],
    files,
    async play(stage) {
      const failed = await stage.runScript('echo x > half.txt; exit 3');
      expect((await stage.follow('view/result-text.ts: pwt restore', failed)).stdout).toContain('half.txt');
    },
  },
  {
    name: 'pwt has lost its record of a worktree',
    hints: ['doctor/wreckage.ts: git worktree remove …'],
    files,
    async play(stage) {
      await stage.runScript('exit 3', '--worktree', "../it's a {repo} {id}");
      await stage.sh('rm -r .git/pwt/worktrees .git/pwt/runs');
      await stage.follow('doctor/wreckage.ts: git worktree remove …', await stage.pwt('doctor'));
      expect((await stage.pwt('doctor')).stdout).not.toContain('has no record of it');
    },
  },
];
