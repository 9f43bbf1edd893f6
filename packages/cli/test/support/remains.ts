import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Workbench } from './pwt.js';

/** A line of what `pwt --json` says. */
export interface Line {
  readonly type: string;
  readonly taskId?: string;
  readonly tasks?: readonly { readonly taskId: string; readonly status: string }[];
}

/** How a run that was followed has ended. */
export interface Followed {
  /** `null` if it was killed. */
  readonly exitCode: number | null;
  readonly lines: readonly Line[];
  readonly stderr: string;
}

/** Everything that a run leaves behind, in a form that two runs can be compared by. */
export interface Remains {
  readonly outcomes: Readonly<Record<string, string>>;
  /** How often the agent of each task was started: the lines in `starts-<id>` beside the repository. */
  readonly starts: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, string>>;
  readonly commits: number;
  readonly worktrees: number;
  readonly branches: readonly string[];
  readonly refs: string;
  readonly status: string;
  readonly processes: readonly string[];
  /** Lock files, unfinished worktrees, and records of running commands. */
  readonly wreckage: readonly string[];
}

/** Starts pwt and follows its events to its end. */
export async function follow(
  bench: Workbench,
  args: readonly string[],
  onLine: (line: Line, count: number, child: ChildProcess) => void | Promise<void> = () => undefined,
): Promise<Followed> {
  const child = bench.start(args);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const lines: Line[] = [];
  if (!child.stdout) throw new Error('no stdout');
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    await onLine(line, lines.length, child);
  }
  const [exitCode] = await closed;
  return { exitCode, lines, stderr };
}

/** @param ids of the tasks */
export async function remains(
  bench: Workbench,
  ids: readonly string[],
  lines: readonly Line[],
): Promise<Remains> {
  const { repository } = bench;
  const count = async (id: string) => {
    const file = join(repository.parent, `starts-${id}`);
    return existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n').length : 0;
  };
  return {
    outcomes: Object.fromEntries(lines.at(-1)?.tasks?.map(({ taskId, status }) => [taskId, status]) ?? []),
    starts: Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await count(id)] as const))),
    files: await workOn(bench),
    commits: Number(await repository.git('rev-list', '--count', 'main')),
    worktrees: (await repository.git('worktree', 'list', '--porcelain')).split('\n\n').length,
    branches: (await repository.git('branch', '--format=%(refname:short)')).split('\n'),
    refs: await repository.git('for-each-ref', 'refs/pwt', '--format=%(refname:lstrip=3)'),
    status: await repository.git('status', '--porcelain', '--ignored'),
    processes: await processesIn(repository.parent),
    wreckage: await wreckageIn(join(repository.path, '.git')),
  };
}

/** The landed files without the specs, which hold paths of the test's own. */
async function workOn({ repository }: Workbench): Promise<Record<string, string>> {
  const files = Object.entries(await repository.filesOf('main'));
  return Object.fromEntries(files.filter(([path]) => !path.startsWith('specs/')));
}

/** What still runs in these folders; nothing on systems without /proc. */
async function processesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync('/proc/self/environ')) return [];
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may end, or be another user's.
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    if ((await read('environ')).includes(`PWT_WORKTREE=${folder}`)) found.push(await read('cmdline'));
  }
  return found;
}

async function wreckageIn(gitDir: string): Promise<readonly string[]> {
  const names = (await readdir(gitDir, { recursive: true })).filter((name) => !name.startsWith('objects'));
  const halfMade = (await readdir(join(gitDir, 'worktrees')).catch(() => [])).filter(
    (name) =>
      existsSync(join(gitDir, 'worktrees', name, 'locked')) ||
      !existsSync(join(gitDir, 'worktrees', name, 'HEAD')),
  );
  return [
    ...names.filter((name) => name.endsWith('.lock') || name.endsWith('packed-refs.new')),
    ...names.filter((name) => name.startsWith('pwt/git/')),
    ...halfMade,
  ];
}
