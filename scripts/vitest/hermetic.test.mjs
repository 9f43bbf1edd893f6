import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { expect, it } from 'vitest';

it('leaves git nothing of the host, whatever the surrounding shell says', () => {
  const names = Object.keys(process.env).filter((name) => name.startsWith('GIT_'));
  expect(names.sort()).toEqual(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'GIT_TERMINAL_PROMPT']);
  const settings = execFileSync('git', ['config', '--list', '--show-scope'], {
    cwd: homedir(),
    encoding: 'utf8',
  });
  expect(settings).toBe('');
});

it('gives the tests a home of their own and no terminal to colour for', () => {
  expect(homedir()).toContain('pwt-test-home-');
  expect(process.env).not.toHaveProperty('CI');
  expect(process.env).not.toHaveProperty('FORCE_COLOR');
});
