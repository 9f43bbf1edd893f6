// The program out of git, as `npm install --global git+https://…` makes it: from a repository with the files of this one. With
// arguments, each is a version of npm that does it in an empty home; otherwise the npm that is there does it, with what it has
// fetched before.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { emptyHome } from '../lib/empty-home.mjs';
import { cleanEnvironment } from '../lib/env.mjs';
import { capture } from '../lib/exec.mjs';
import { conclude } from '../lib/problems.mjs';
import { ROOT, readJson } from '../lib/workspace.mjs';

const versions = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'pwt-out-of-git-'));
try {
  const repository = await copyOfRepository();
  if (versions.length === 0) await install('installed', repository, { set: await caches() });
  for (const version of versions) await install(version, repository, { npm: await folderOfNpm(version) });
  conclude([], versions.length === 0 ? 'the npm that is there' : `npm ${versions.join(' and ')}`);
} catch (error) {
  conclude([String(error)], '');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * Installs it and removes it; in an empty home it shows the demo, and all of it twice, as for an update.
 *
 * @param {string} name
 * @param {string} repository
 * @param {Parameters<typeof emptyHome>[1]} options
 */
async function install(name, repository, options) {
  const { run } = emptyHome(join(scratch, `home-${name}`), options);
  const cwd = scratch;
  const { name: ours, version } = readJson(join(ROOT, 'package.json'));
  const isEmpty = versions.length > 0;
  for (const time of isEmpty ? ['first', 'second'] : ['first']) {
    await run(['npm', 'install', '--global', `git+file://${repository}`], { cwd });
    assert.equal((await run(['pwt', '--version'], { cwd })).trim(), version);
    if (isEmpty) await run(['pwt', 'demo', join(scratch, `${time}-${name}`), '--no-compare'], { cwd });
    await run(['npm', 'uninstall', '--global', ours], { cwd });
  }
}

/** The files of this checkout as they are, committed. */
async function copyOfRepository() {
  const repository = join(scratch, 'repository');
  const someone = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  const commands = [
    ['git', 'clone', '--quiet', '--no-checkout', ROOT, repository],
    ['git', `--git-dir=${repository}/.git`, `--work-tree=${ROOT}`, 'add', '--all'],
    ['git', '-C', repository, ...someone, 'commit', '--quiet', '--allow-empty', '--message=As it is'],
  ];
  for (const command of commands) {
    const { exitCode, output } = await capture(command, { cwd: ROOT, env: cleanEnvironment() });
    assert.equal(exitCode, 0, output);
  }
  return repository;
}

/** Where npm and pnpm of this user keep what they have fetched. */
async function caches() {
  const { output: cache } = await capture(['npm', 'config', 'get', 'cache'], { cwd: scratch });
  const { output: store } = await capture(['pnpm', 'store', 'path'], { cwd: ROOT });
  return {
    npm_config_cache: cache.trim(),
    npm_config_prefer_offline: 'true',
    pnpm_config_store_dir: dirname(store.trim()),
  };
}

/** @param {string} version */
async function folderOfNpm(version) {
  const locate = ['npx', '-y', '--prefer-offline', `--package=npm@${version}`, '-c', 'command -v npm'];
  const { output } = await capture(locate, { cwd: scratch, env: cleanEnvironment() });
  const program = output.split('\n').find((line) => line.endsWith('/npm'));
  assert.ok(program, output);
  return dirname(program);
}
