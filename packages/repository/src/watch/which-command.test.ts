import type { RepositoryChange } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import type { GitCommand } from './git-commands.js';
import { commandText, concernsOthers, mayHaveDone, switchesHead } from './which-command.js';

const TOP = '/r/repo';

function command(line: string, worktree = '/r/wt1', more: Partial<GitCommand> = {}): GitCommand {
  const args = line.split(' ');
  const name = args.find((word, index) => !word.startsWith('-') && args[index - 1] !== '-C') ?? '';
  return { name, args, worktree, startedAt: 1, endedAt: 2, exitCode: 0, ...more };
}

function change(kind: RepositoryChange['kind'], ...subjects: string[]): RepositoryChange {
  return { kind, severity: 'info', message: '', subjects };
}

const main = change('target', 'refs/heads/main');

describe('which command may have made a change', () => {
  it.each([
    [main, command('commit -m x', TOP)],
    [main, command('reset --hard HEAD~1', TOP)],
    [main, command('update-ref refs/heads/main abc')],
    [main, command('push . HEAD:main')],
    [main, command('branch -f main HEAD')],
    [main, command('fetch . +HEAD:refs/heads/main')],
    [main, command('update-ref --stdin')],
    [main, command('merge topic', TOP, { exitCode: 1 })],
    [change('head', TOP), command('switch -c x', TOP)],
    [change('head', TOP), command('checkout --detach', TOP)],
    [change('stash', 'refs/stash'), command('stash')],
    [change('stash', 'refs/stash'), command('stash pop')],
    [change('refs', 'refs/tags/v1'), command('tag v1')],
    [change('refs', 'refs/heads/zz'), command('push -q . HEAD:zz')],
    [change('config', 'user.name'), command('config user.name Eve')],
    [change('files', 'a'), command('restore a', TOP)],
    [change('index', 'a'), command('add a', TOP)],
  ])('%j: %j', (what, done) => {
    expect(mayHaveDone(done, what, { top: TOP })).toBe(true);
  });

  it.each([
    [main, command('commit -m x')],
    [main, command('commit -m main')],
    [main, command('push . HEAD:mainly')],
    [change('head', TOP), command('switch -c x')],
    [change('head', TOP), command('switch nowhere', TOP, { exitCode: 128 })],
    [change('stash', 'refs/stash'), command('stash list')],
    [change('refs', 'refs/tags/v1'), command('tag v2')],
    [change('files', 'a'), command('restore a')],
    [change('hooks', 'hooks/pre-commit'), command('commit')],
  ])('not %j: %j', (what, done) => {
    expect(mayHaveDone(done, what, { top: TOP })).toBe(false);
  });

  it('knows what moves HEAD, and what is ordinary work', () => {
    expect(switchesHead(command('checkout -b x'))).toBe(true);
    expect(switchesHead(command('symbolic-ref HEAD refs/heads/x'))).toBe(true);
    expect(switchesHead(command('symbolic-ref HEAD'))).toBe(false);
    expect(switchesHead(command('checkout -- a.txt'))).toBe(false);
    expect(switchesHead(command('commit -m x'))).toBe(false);
    expect(concernsOthers(command('commit -m x'), '/r/wt1')).toBe(false);
    expect(concernsOthers(command('commit -m x'), '/r/wt2')).toBe(true);
    expect(concernsOthers(command('stash'), '/r/wt1')).toBe(true);
  });

  it('shows a command in bounded length, on one line', () => {
    expect(commandText(command(`commit -m ${'x'.repeat(300)}`))).toHaveLength(120);
    expect(commandText({ ...command('commit'), args: ['commit', '-m', 'a\nb'] })).toBe('git commit -m a b');
  });
});
