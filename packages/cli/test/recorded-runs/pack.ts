import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hermeticGitEnv } from '@pwt/testkit';
import { formatFiles, type RecordedFile } from './file-list.js';
import { withPlaceholders } from './placeholders.js';

/** Of a repository, what its history brings back, what git makes anew, and what pwt only remembers to be faster. */
const NOT_KEPT =
  /^project\/(\.git\/(objects|refs|packed-refs$|pwt\/(memory|cache)$)|node_modules\/)|\/index$/;

/** The user's own state outside the repository: no run is told by it. */
const NOT_OF_THE_RUN = /^(state|bin|death)\//;

/**
 * Keeps everything that is in a workbench's folder as text: the history of its repository, the index of each checkout,
 * the run's log, and all other files.
 *
 * @param root the folder with the repository `project` and its worktrees
 */
export async function pack(root: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const project = join(root, 'project');
  await writeFile(join(folder, 'history.txt'), git(project, 'fast-export', '--all', '--reencode=no'));
  await writeFile(
    join(folder, 'refs.txt'),
    git(project, 'for-each-ref', '--format=%(objectname) %(refname)'),
  );
  const files: RecordedFile[] = [];
  for (const path of (await filesBelow(root)).sort()) {
    if (path.endsWith('/journal.jsonl')) {
      await writeFile(join(folder, 'journal.jsonl'), await textOf(root, path));
      files.push({ path, mode: '600', text: '' });
    } else {
      const mode = ((await stat(join(root, path))).mode & 0o777).toString(8);
      files.push({ path, mode, text: await textOf(root, path) });
    }
  }
  for (const checkout of checkoutsIn(files)) {
    const text = git(join(root, checkout), 'ls-files', '--stage', '-z');
    files.push({ path: `${checkout}/.git-index`, mode: '600', text });
  }
  await writeFile(join(folder, 'files.txt'), formatFiles(files));
}

function checkoutsIn(files: readonly RecordedFile[]): string[] {
  const linked = files.filter(({ path }) => /^[^/]+\/\.git$/.test(path)).map(({ path }) => path.slice(0, -5));
  return ['project', ...linked];
}

async function filesBelow(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    if (NOT_KEPT.test(path) || NOT_OF_THE_RUN.test(path)) continue;
    if (!entry.isFile()) throw new Error(`${path} is neither a file nor a folder`);
    found.push(path);
  }
  return found;
}

async function textOf(root: string, path: string): Promise<string> {
  const bytes = await readFile(join(root, path));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new Error(`${path} is not a text`);
  return withPlaceholders(text, root);
}

function git(cwd: string, ...args: readonly string[]): string {
  if (!existsSync(cwd)) throw new Error(`${cwd} is not there`);
  return execFileSync('git', args, { cwd, env: hermeticGitEnv(), encoding: 'utf8' });
}
