import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

/** In full, a kill after every event of the log takes minutes: each point is two runs of real processes. */
const PROVE = process.env.PWT_PROVE === '1';
const SAMPLED_POINTS = 10;

let program: string;
beforeAll(async () => {
  program = await buildPwt('kill');
});

interface Line {
  readonly type: string;
  readonly taskId?: string;
  readonly tasks?: readonly { readonly taskId: string; readonly status: string }[];
}

/** Everything that a run leaves behind, in a form that two runs can be compared by. */
interface Remains {
  readonly outcomes: Readonly<Record<string, string>>;
  /** How often the agent of each task was started. */
  readonly starts: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, string>>;
  readonly commits: number;
  readonly worktrees: number;
  readonly branches: readonly string[];
  readonly refs: string;
  readonly status: string;
  readonly processes: readonly string[];
}

/** Tasks that land, wait for each other, need each other, fail, and are stopped by the gate. */
async function makeBench(): Promise<Workbench> {
  const bench = await Workbench.create(program);
  const { parent } = bench.repository;
  const begun = (id: number) => `@append ${parent}/starts-${id} x`;
  await bench.repository.write({
    ...spec(1, 'one.txt', begun(1), `@wait ${parent}/go`, '@claims', '@commit one'),
    ...spec(2, 'two.txt', '**Dependencies**: 1', begun(2), '@claims'),
    ...spec(3, 'three.txt', begun(3), '@claims', '@exit 3'),
    ...spec(4, 'one.txt', begun(4), '@append one.txt four', '@commit four'),
    ...spec(5, 'bad.txt', begun(5), '@claims', '@commit bad'),
  });
  await bench.repository.commitAll('specs');
  return bench;
}

const RUN = [...runArguments(['--json', '--yes', '--gate', 'test ! -e bad.txt']), '--', ...scriptedAgent];

/**
 * Starts pwt and follows its events. Task 1 may go on as soon as its agent is known to run, or when another
 * process has taken the run over; `onLine` gets the number of lines so far.
 */
async function follow(
  bench: Workbench,
  args: readonly string[],
  onLine: (count: number, child: ChildProcess) => void = () => undefined,
): Promise<{ readonly exitCode: number | null; readonly lines: readonly Line[]; readonly stderr: string }> {
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
    onLine(lines.length, child);
    if (
      !child.killed &&
      (line.type === 'run-resumed' || (line.type === 'agent-launched' && line.taskId === '1'))
    )
      await writeFile(join(bench.repository.parent, 'go'), '');
  }
  const [exitCode] = await closed;
  return { exitCode, lines, stderr };
}

async function remains(bench: Workbench, lines: readonly Line[]): Promise<Remains> {
  const { repository } = bench;
  const ids = ['1', '2', '3', '4', '5'];
  const last = lines.at(-1);
  expect(last?.type).toBe('run-finished');
  const count = async (id: string) => {
    const file = join(repository.parent, `starts-${id}`);
    return existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n').length : 0;
  };
  return {
    outcomes: Object.fromEntries(last?.tasks?.map(({ taskId, status }) => [taskId, status]) ?? []),
    starts: Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await count(id)] as const))),
    files: await workOn(bench),
    commits: Number(await repository.git('rev-list', '--count', 'main')),
    worktrees: (await repository.git('worktree', 'list', '--porcelain')).split('\n\n').length,
    branches: (await repository.git('branch', '--format=%(refname:short)')).split('\n'),
    refs: await repository.git('for-each-ref', 'refs/pwt', '--format=%(refname:lstrip=3)'),
    status: await repository.git('status', '--porcelain', '--ignored'),
    processes: await processesIn(repository.parent),
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
    // A process may end, or be somebody else's.
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    if ((await read('environ')).includes(`PWT_WORKTREE=${folder}`)) found.push(await read('cmdline'));
  }
  return found;
}

/** Kills pwt when it has said so many things, goes on with what is left, and tells what came of it. */
async function killedAt(point: number): Promise<Remains | undefined> {
  const bench = await makeBench();
  try {
    const killed = await follow(bench, RUN, (count, child) => {
      if (count >= point) child.kill('SIGKILL');
    });
    if (killed.exitCode !== null) return undefined;
    const resumed = await follow(bench, ['resume', '--json']);
    // Before its plan was complete, the run had made nothing: there is nothing to go on with.
    const next = resumed.lines.some((line) => line.type === 'run-resumed')
      ? resumed
      : await follow(bench, RUN);
    expect(next.exitCode, next.stderr).toBe(1);
    return await remains(bench, next.lines);
  } finally {
    await bench.dispose();
  }
}

describe('kill -9 of pwt in the middle of a run, then pwt resume', () => {
  it('ends as it would have: nothing twice, nothing lost, nothing left', { timeout: 1_200_000 }, async () => {
    const bench = await makeBench();
    const undisturbed = await follow(bench, RUN);
    const expected = await remains(bench, undisturbed.lines);
    await bench.dispose();
    expect(expected).toMatchObject({
      outcomes: { 1: 'landed', 2: 'landed', 3: 'failed', 4: 'landed', 5: 'failed' },
      starts: { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 },
      worktrees: 3,
      status: '',
      processes: [],
    });
    const events = undisturbed.lines.length;
    const step = PROVE ? 1 : Math.ceil(events / SAMPLED_POINTS);
    const points: number[] = [];
    for (let point = PROVE ? 1 : 2; point < events; point += step) points.push(point);
    const worker = async () => {
      for (let point = points.shift(); point !== undefined; point = points.shift()) {
        const found = await killedAt(point);
        if (found) expect(found, `killed after ${point} of ${events} events`).toEqual(expected);
      }
    };
    await Promise.all([worker(), worker()]);
  });
});
