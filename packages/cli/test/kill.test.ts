import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';
import { type Followed, follow, type Remains, remains } from './support/remains.js';

/** In full, a kill after every event of the log takes minutes: each point is two runs of real processes. */
const PROVE = process.env.PWT_PROVE === '1';
const SAMPLED_POINTS = 6;

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

const IDS = ['1', '2', '3', '4', '5'];

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
function drive(
  bench: Workbench,
  args: readonly string[],
  onLine: (count: number, child: ChildProcess) => void = () => undefined,
): Promise<Followed> {
  return follow(bench, args, async (line, count, child) => {
    onLine(count, child);
    const isUnderWay = line.type === 'agent-launched' && line.taskId === '1';
    if (!child.killed && (line.type === 'run-resumed' || isUnderWay))
      await writeFile(join(bench.repository.parent, 'go'), '');
  });
}

async function ended(bench: Workbench, lines: Followed['lines']): Promise<Remains> {
  expect(lines.at(-1)?.type).toBe('run-finished');
  return remains(bench, IDS, lines);
}

/** Kills pwt when it has said so many things, goes on with what is left, and tells what came of it. */
async function killedAt(point: number): Promise<Remains | undefined> {
  const bench = await makeBench();
  try {
    const killed = await drive(bench, RUN, (count, child) => {
      if (count >= point) child.kill('SIGKILL');
    });
    if (killed.exitCode !== null) return undefined;
    const resumed = await drive(bench, ['resume', '--json']);
    // Before its plan was complete, the run had made nothing: there is nothing to go on with.
    const next = resumed.lines.some((line) => line.type === 'run-resumed')
      ? resumed
      : await drive(bench, RUN);
    expect(next.exitCode, next.stderr).toBe(1);
    return await ended(bench, next.lines);
  } finally {
    await bench.dispose();
  }
}

describe('kill -9 of pwt in the middle of a run, then pwt resume', () => {
  it('ends as it would have: nothing twice, nothing lost, nothing left', { timeout: 1_200_000 }, async () => {
    const bench = await makeBench();
    const undisturbed = await drive(bench, RUN);
    const expected = await ended(bench, undisturbed.lines);
    await bench.dispose();
    expect(expected).toMatchObject({
      outcomes: { 1: 'landed', 2: 'landed', 3: 'failed', 4: 'landed', 5: 'failed' },
      starts: { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 },
      worktrees: 3,
      status: '',
      processes: [],
      wreckage: [],
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
    const wanted = points.length;
    await Promise.all([worker(), worker()]);
    console.log(`kill -9 of pwt: ${wanted} of ${events} points, 0 failed`);
  });
});
