import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hermeticGitEnv } from '@pwt/testkit';
import { parseFiles } from './file-list.js';
import { withPaths } from './placeholders.js';

/** The list of a checkout's index, among its files. */
const INDEX = '/.git-index';

/**
 * Puts a recorded folder back: the same objects, refs, worktrees and files, and the state of pwt.
 *
 * @param root an empty folder, or one whose `project` is replaced
 */
export async function unpack(folder: string, root: string): Promise<void> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const [history, refs, journal, list] = await Promise.all(
    ['history.txt', 'refs.txt', 'journal.jsonl', 'files.txt'].map(read),
  );
  const project = join(root, 'project');
  await rm(project, { recursive: true, force: true });
  await mkdir(project);
  git(project, ['init', '--quiet', '--initial-branch=main', '--template=']);
  git(project, ['fast-import', '--quiet'], history);
  const found = git(project, ['for-each-ref', '--format=%(objectname) %(refname)']);
  if (found !== refs) throw new Error(`${folder} has other refs than were recorded:\n${found}`);
  const files = parseFiles(list ?? '');
  for (const { path, mode, text } of files.filter((file) => !file.path.endsWith(INDEX))) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, withPaths(path.endsWith('/journal.jsonl') ? (journal ?? '') : text, root));
    await chmod(file, Number.parseInt(mode, 8));
  }
  for (const { path, text } of files.filter((file) => file.path.endsWith(INDEX)))
    git(join(root, path.slice(0, -INDEX.length)), ['update-index', '-z', '--index-info'], text);
}

function git(cwd: string, args: readonly string[], input = ''): string {
  return execFileSync('git', args, { cwd, env: hermeticGitEnv(), encoding: 'utf8', input });
}
