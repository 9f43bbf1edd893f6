// An agent that plants commands wherever it can write: usage `planting-agent.mjs <folder> <keys as JSON>`.
// Task 1 makes its `.git` a repository of its own, task 2 a file that leads to another one, with a nested repository
// beside its work; task 3 comes last and plants in the repository that all share. What it starts itself it starts
// before it plants. Each command, if it is ever run, leaves a file of its key's number in the folder.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder = '', keysJson = '[]'] = process.argv.slice(2);
/** @type {string[]} */
const keys = JSON.parse(keysJson);
const task = Number(process.env.PWT_TASK_ID);
const here = process.cwd();
/** @param {...string} args */
const git = (...args) =>
  execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

if (existsSync(join(folder, `planted-${task}`))) process.exit(1);
writeFileSync(join(folder, `planted-${task}`), '');

const place = ['', 'own', 'elsewhere', 'shared'][task] ?? '';
writeFileSync(join(here, `work-${task}.txt`), 'work\n');
writeFileSync(join(here, '.gitattributes'), '* filter=x diff=x merge=x\n');
writeFileSync(
  join(here, '.gitmodules'),
  `[submodule "x"]\n\tpath = nested\n\turl = ./x\n\tupdate = !${script('gitmodules')}\n`,
);

if (task === 1) {
  rmSync(join(here, '.git'), { recursive: true });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'mine');
  plant(join(here, '.git'));
} else if (task === 2) {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  execFileSync('git', ['init', '--quiet', elsewhere]);
  const nested = join(here, 'nested');
  mkdirSync(nested);
  writeFileSync(join(nested, 'file'), 'a\n');
  writeFileSync(join(nested, '.gitattributes'), '* filter=x\n');
  execFileSync('git', ['init', '--quiet', nested]);
  git('-C', nested, 'add', '--all');
  git('-C', nested, 'commit', '--quiet', '--message', 'nested');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'gitlink');
  plant(join(nested, '.git'), 'nested');
  writeFileSync(join(nested, 'file'), 'b\n');
  plant(join(elsewhere, '.git'));
  writeFileSync(join(here, '.git'), `gitdir: ${elsewhere}/.git\n`);
} else {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'work');
  const common = resolve(here, git('rev-parse', '--git-common-dir'));
  const own = git('rev-parse', '--absolute-git-dir');
  writeFileSync(join(here, `work-${task}.txt`), 'WORK\n');
  mkdirSync(join(common, 'info'), { recursive: true });
  appendFileSync(join(common, 'info/attributes'), '* filter=x diff=x merge=x\n');
  writeFileSync(join(own, 'config.worktree'), configuration('worktree'));
  plant(common);
  appendFileSync(join(common, 'config'), '[extensions]\n\tworktreeConfig = true\n');
}
console.log('planted');

/**
 * Configuration and hooks of a git directory.
 *
 * @param {string} gitDir
 */
function plant(gitDir, name = place) {
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  const hooks = [
    'reference-transaction',
    'post-checkout',
    'pre-commit',
    'post-merge',
    'post-index-change',
    'pre-auto-gc',
  ];
  for (const hook of hooks)
    writeFileSync(join(gitDir, 'hooks', hook), readFileSync(script(`${name}-hooks`)), { mode: 0o755 });
  appendFileSync(join(gitDir, 'config'), configuration(name));
}

/** @param {string} name */
function configuration(name) {
  return keys.map((key, number) => entryOf(key, `${name}-${number}-${key}`)).join('');
}

/** @param {string} key @param {string} label */
function entryOf(key, label) {
  const command = script(label);
  const parts = key.split('.');
  const subsection = parts.length > 2 ? ` "${parts.slice(1, -1).join('.').replace('*', 'x')}"` : '';
  const variable = (parts.at(-1) ?? '').replace(
    '*',
    parts[0] === 'alias' || parts[0] === 'pager' ? 'status' : 'x',
  );
  return `[${parts[0]}${subsection}]\n\t${variable} = ${JSON.stringify(settingOf(key, command, label))}\n`;
}

/** @param {string} key @param {string} command @param {string} label */
function settingOf(key, command, label) {
  if (/^protocol\./.test(key)) return 'always';
  if (/^extensions\./.test(key)) return 'x';
  if (/\.(url|pushurl|insteadOf|pushInsteadOf)$/.test(key)) return `ext::${command}`;
  if (/hooksPath|templateDir/.test(key)) {
    const hooks = join(folder, 'hooks', label.replaceAll('*', 'x'));
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['reference-transaction', 'post-checkout', 'post-index-change'])
      writeFileSync(join(hooks, hook), readFileSync(command), { mode: 0o755 });
    return hooks;
  }
  if (/^include/.test(key)) {
    const file = join(folder, `included-${label.replaceAll('*', 'x')}`);
    writeFileSync(file, `[filter "x"]\n\tclean = ${command}\n[core]\n\tfsmonitor = ${command}\n`);
    return file;
  }
  return /^submodule|^alias/.test(key) ? `!${command}` : command;
}

/**
 * A program that says that it was run, and gives back what it gets.
 *
 * @param {string} label
 */
function script(label) {
  const name = label.replaceAll('*', 'x').replaceAll('/', '_');
  const file = join(folder, `run-${name}`);
  if (!existsSync(file))
    writeFileSync(file, `#!/bin/sh\n: > '${join(folder, 'ran', name)}'\nexec cat\n`, { mode: 0o755 });
  return file;
}
