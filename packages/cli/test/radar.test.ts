import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

describe('pwt radar', () => {
  it('tells colliding, stale and quiet worktrees apart, in a repository that pwt has never seen', async () => {
    bench = await Workbench.create(program, { a: '1\n', b: '1\n' });
    const { path, parent, env } = bench.repository;
    const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, env });
    for (const name of ['x', 'y', 'z']) git(path, 'worktree', 'add', '-q', '-b', name, join(parent, name));
    writeFileSync(join(parent, 'x', 'a'), 'x\n');
    writeFileSync(join(parent, 'y', 'a'), 'y\n');
    git(join(parent, 'y'), 'commit', '-qam', 'y');
    writeFileSync(join(parent, 'x', 'b'), 'x\n');
    writeFileSync(join(path, 'b'), 'main\n');
    git(path, 'commit', '-qam', 'main');
    const before = readdirSync(join(path, '.git'));
    const text = await bench.pwt(['radar']);
    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text.stdout).toContain('x  ✘ colliding with y: a\n   ✘ stale: conflicts with main in b\n');
    expect(text.stdout).toContain('y  ✘ colliding with x: a\n2 checkouts without changes');
    const { stdout } = await bench.pwt(['radar', '--json', '--onto', 'main~1']);
    const { checkouts } = JSON.parse(stdout);
    const seen = Object.fromEntries(checkouts.map((one: { id: string }) => [one.id, one]));
    expect(seen.x).toMatchObject({
      changes: ['a', 'b'],
      colliding: [{ with: 'y' }, { with: 'main' }].reverse(),
    });
    expect(seen.z).toMatchObject({ branch: 'z', changes: [], colliding: [] });
    expect(readdirSync(join(path, '.git'))).toEqual(before);
    expect(await bench.pwt(['radar', '--onto', '-x'])).toMatchObject({ exitCode: 2 });
  });

  it.skipIf(process.platform !== 'linux')(
    'leaves nothing but a folder of its own when it is killed, and the next look deletes that',
    async () => {
      bench = await Workbench.create(program, { a: '1\n' });
      const { path, parent, env } = bench.repository;
      for (const name of ['x', 'y']) {
        execFileSync('git', ['worktree', 'add', '-q', '-b', name, join(parent, name)], { cwd: path, env });
        writeFileSync(join(parent, name, 'a'), `${name}\n`);
      }
      const gitDir = join(path, '.git');
      await bench.pwt(['radar']);
      const before = readdirSync(gitDir, { recursive: true }).sort();
      const child = bench.start(['radar', '--watch']);
      const ended = once(child, 'exit');
      // It has looked, and looks again.
      await once(child.stdout ?? child, 'data');
      child.kill('SIGKILL');
      await ended;
      const left = readdirSync(gitDir, { recursive: true }).map(String).sort();
      const isTemporary = (name: string) => name.startsWith('pwt-tmp-');
      expect(left.filter((name) => !isTemporary(name))).toEqual(before);
      expect(left.some(isTemporary)).toBe(true);
      expect((await bench.pwt(['radar'])).stdout).toContain('x  ✘ colliding with y: a');
      expect(readdirSync(gitDir, { recursive: true }).sort()).toEqual(before);
    },
  );
});
