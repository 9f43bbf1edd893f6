import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

const FILE = ['-c', 'protocol.file.allow=always'];
const UPDATE = `git ${FILE.join(' ')} submodule --quiet update --init`;
const COMMIT = 'git add --all && git commit --quiet -m work';

let program: string;
let bench: Workbench;
let library: TemporaryRepository | undefined;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(async () => {
  await bench.dispose();
  await library?.dispose();
});

/** A project with a submodule `lib`. */
async function withSubmodule(files: Readonly<Record<string, string>>): Promise<Workbench> {
  library = await TemporaryRepository.create({ 's.txt': 's\n' });
  const made = await Workbench.create(program, files);
  await made.repository.git(...FILE, 'submodule', '--quiet', 'add', library.path, 'lib');
  await made.repository.git('commit', '--quiet', '-m', 'submodule');
  return made;
}

const agent = (script: string) => ['sh', '-ec', script];
const inLib = (...args: readonly string[]) => bench.repository.git('-C', 'lib', ...args);

describe('submodule commits', () => {
  it('land one after the other, through the gate, and are there without a remote', async () => {
    bench = await withSubmodule({
      ...spec(1, 'lib', '@claims'),
      ...spec(2, 'lib', '## Dependencies', '', '- SPEC-1'),
    });
    const work = `${UPDATE}; cd lib; echo x >> "$PWT_TASK_ID.txt"; ${COMMIT}`;
    const { exitCode, stdout } = await bench.run(['--gate', `${UPDATE} && test -e lib/1.txt`], agent(work));
    expect(stdout).toContain('2 landed');
    expect(stdout).toContain('git submodule update --init --recursive -- lib');
    expect(exitCode).toBe(0);
    await library?.dispose();
    await bench.repository.git('submodule', 'update', '--init', '--recursive', '--', 'lib');
    for (const id of [1, 2]) {
      expect(await readFile(join(bench.repository.path, `lib/${id}.txt`), 'utf8')).toBe('x\n');
    }
    expect(await bench.repository.git('status', '--porcelain')).toBe('');
    expect(await bench.repository.git('worktree', 'list')).not.toContain('\n');
  });

  it('of a task that failed are kept, however often it is started over', async () => {
    bench = await withSubmodule(spec(1, 'lib', '@claims'));
    const log = join(bench.repository.parent, 'commits');
    const work = `${UPDATE}; cd lib; date +%N > new.txt; ${COMMIT}; git rev-parse HEAD >> '${log}'; echo dirty > s.txt; exit 1`;
    expect((await bench.run([], agent(work))).stdout).toContain('1 failed');
    for (const _ of [1, 2]) expect((await bench.pwt(['retry', '1'])).stdout).toContain('1 failed');
    expect((await bench.pwt(['clean', '--force-dirty', '--force-unmerged', '1'])).stdout).toContain(
      'removed',
    );
    await inLib('gc', '--quiet', '--prune=now');
    const commits = (await readFile(log, 'utf8')).trim().split('\n');
    expect(commits).toHaveLength(3);
    for (const commit of commits) expect(await inLib('for-each-ref', `--contains=${commit}`)).not.toBe('');
  });
});

describe('a task that went back behind its base', () => {
  it('has changed what it did, and nothing that came after', async () => {
    bench = await Workbench.create(program, { ...spec(1, 'one.txt', '@claims'), 'later.txt': '1\n' });
    await bench.repository.write({ 'later.txt': '2\n' });
    await bench.repository.git('commit', '--quiet', '--all', '-m', 'later');
    const work = `git reset --quiet --hard HEAD~1; echo one > one.txt; ${COMMIT}`;
    expect((await bench.run(['--audit', 'strict'], agent(work))).stdout).toContain('1 landed');
    expect((await bench.pwt(['diff', '1'])).stdout).not.toContain('later.txt');
    expect(await readFile(join(bench.repository.path, 'later.txt'), 'utf8')).toBe('2\n');
  });
});

describe('a worktree that stays although its work has landed', () => {
  it('is named with the reason and the command, until it is gone', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@claims'));
    const work = 'echo one > one.txt; git worktree lock "$PWD"';
    const { stdout } = await bench.run([], agent(work));
    expect(stdout).toMatch(/1 has landed, and its worktree stays: .*project-wt1 is locked/);
    const unlock = /First: git (worktree unlock .*)/.exec(stdout)?.[1] ?? '';
    await bench.repository.git(...unlock.split(' '));
    expect((await bench.pwt(['status'])).stdout).toContain('pwt clean 1');
    expect((await bench.pwt(['clean', '1'])).stdout).toContain('removed');
    expect((await bench.pwt(['status'])).stdout).not.toContain('stays');
  });
});
