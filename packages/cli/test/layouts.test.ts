import { once } from 'node:events';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn, type Layout, layouts, type Place } from './support/layouts.js';
import { buildPwt, parseLines, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

/** In full, each layout is five runs of the program. */
const PROVE = process.env.PWT_PROVE === '1';
const SAMPLE = [
  'bare, with configuration per worktree and sparse',
  'a submodule',
  'a path with every odd character',
];

let program: string;
const walked: string[] = [];
beforeAll(async () => {
  program = await buildPwt();
});
afterAll(() => console.info(`layouts walked: ${walked.length} of ${Object.keys(layouts).length}`));

/** Two tasks that just land, one by commits and one by files left in a folder; and one that waits for the test. */
async function makeBench(): Promise<Workbench> {
  const bench = await Workbench.create(program, {
    '.gitattributes': '',
    'in/one.txt': 'one\n',
    'in/three.txt': 'three\n',
    'out/far.txt': 'far\n',
    ...spec(1, 'in/one.txt', '@append in/one.txt by-one', '@commit one'),
    ...spec(2, 'out/new.txt', '@write out/new.txt by-two', '@delete in/two.txt'),
    'in/two.txt': 'two\n',
  });
  const { parent } = bench.repository;
  await bench.repository.write(
    spec(3, 'in/three.txt', '**Dependencies**: 1, 2', `@wait ${parent}/go`, '@append in/three.txt by-three'),
  );
  await bench.repository.commitAll('specs');
  return bench;
}

/** Starts a run and ends it by force as soon as the third agent works. */
async function runUntilKilled(bench: Workbench, cwd: string): Promise<void> {
  const inWorktree = 'test -e in/one.txt';
  const child = bench.start(
    [
      ...runArguments(['--json', '--yes', '--gate', inWorktree, '--setup', inWorktree]),
      '--',
      ...scriptedAgent,
    ],
    { cwd },
  );
  const closed = once(child, 'close');
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface(child.stdout)) {
    said += `${line}\n`;
    const event = JSON.parse(line) as { type: string; taskId?: string };
    if (event.type === 'agent-launched' && event.taskId === '3') child.kill('SIGKILL');
  }
  await closed;
  expect(child.signalCode, said).toBe('SIGKILL');
}

/** What is around the checkout, and what the repository holds beside the work. */
async function surroundings(bench: Workbench, { checkout, around }: Place) {
  const git = gitIn(bench.repository, checkout);
  const gitDir = await git('rev-parse', '--absolute-git-dir');
  const folders = [bench.repository.parent, dirname(checkout), dirname(await realpath(checkout))];
  return {
    folders: (await Promise.all(folders.map((folder) => readdir(folder)))).map((names) =>
      names.filter((name) => name !== 'go' && name !== 'state').sort(),
    ),
    worktrees: (await git('worktree', 'list', '--porcelain')).match(/^worktree /gm)?.length,
    branches: await git('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/pwt'),
    status: await git('status', '--porcelain'),
    stash: await git('stash', 'list'),
    temporary: (await readdir(gitDir)).filter((name) => name.startsWith('pwt-')),
    around: around && (await gitIn(bench.repository, around)('status', '--porcelain', '--ignore-submodules')),
  };
}

function statuses(stdout: string): Readonly<Record<string, string>> {
  const last = parseLines(stdout).at(-1) as { tasks?: { taskId: string; status: string }[] };
  return Object.fromEntries(last.tasks?.map(({ taskId, status }) => [taskId, status]) ?? []);
}

async function walk(bench: Workbench, place: Place): Promise<void> {
  const { checkout: cwd, branch = 'main' } = place;
  const git = gitIn(bench.repository, cwd);
  const before = await surroundings(bench, place);
  await runUntilKilled(bench, cwd);

  // What the user edits is in the way of the third landing, and stays as it is.
  const three = join(cwd, 'in/three.txt');
  const committed = await readFile(three, 'utf8');
  await writeFile(three, 'edited by the user\n');
  await writeFile(join(bench.repository.parent, 'go'), '');
  const resumed = await bench.pwt(['resume', '--json'], { cwd });
  expect(statuses(resumed.stdout), resumed.stderr).toEqual({ 1: 'landed', 2: 'landed', 3: 'integrated' });
  expect(await readFile(three, 'utf8')).toBe('edited by the user\n');
  await writeFile(three, committed);
  expect(await git('status', '--porcelain')).toBe('');

  const landed = await bench.pwt(['land'], { cwd });
  expect(landed.exitCode, landed.stdout + landed.stderr).toBe(0);
  const status = await bench.pwt(['status'], { cwd });
  expect(status.exitCode, status.stderr).toBe(0);
  const cleaned = await bench.pwt(['clean'], { cwd });
  expect(cleaned.exitCode, cleaned.stdout + cleaned.stderr).toBe(0);

  expect(await surroundings(bench, place)).toEqual(before);
  expect(await git('symbolic-ref', 'HEAD')).toBe(`refs/heads/${branch}`);
  const listed = await git('ls-tree', '-r', '--name-only', 'HEAD', 'in', 'out');
  expect(listed.split('\n').filter((path) => !path.endsWith('.bin'))).toEqual([
    'in/one.txt',
    'in/three.txt',
    'out/far.txt',
    'out/new.txt',
  ]);
  expect(await git('show', 'HEAD:in/one.txt')).toBe('one\nby-one');
  expect(await git('show', 'HEAD:out/new.txt')).toBe('by-two');
  expect((await readFile(three, 'utf8')).replaceAll('\r', '')).toBe('three\nby-three\n');
  await git('fsck', '--no-dangling', '--no-progress');
}

describe('run, kill, resume, a landing that is in the way, land and clean', () => {
  const names = Object.keys(layouts).filter((name) => PROVE || SAMPLE.includes(name));
  it.for(names)('in %s', { timeout: 600_000 }, async (name, { skip }) => {
    const bench = await makeBench();
    try {
      const place = await (layouts[name] as Layout)(bench.repository);
      if (typeof place === 'string') return skip(place);
      await walk(bench, place);
      walked.push(name);
    } finally {
      // Whatever went wrong, no agent goes on waiting.
      await writeFile(join(bench.repository.parent, 'go'), '');
      await bench.dispose();
    }
  });
});
