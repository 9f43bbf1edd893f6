import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProcessIdentity } from '@pwt/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { env, identitiesIn, onCleanup, sweptMark, temporaryDirectory } from '../test/support.js';
import { createMark, findMarked, identify, isAlive, stopTree, sweep } from './index.js';

let pidFile: string;
let mark: string;

beforeEach(async () => {
  pidFile = join(await temporaryDirectory(), 'pids');
  mark = sweptMark(createMark());
});

/** Starts a marked shell script, whose `$1` is the file to write pids to; waits for that many pids. */
async function startTree(
  text: string,
  count: number,
): Promise<{ root: ProcessIdentity; all: ProcessIdentity[] }> {
  const child = spawn('sh', ['-c', text, 'sh', pidFile], {
    detached: true,
    stdio: 'ignore',
    env: { ...env, PWT_MARK: mark },
  });
  const all = await identitiesIn(pidFile, count);
  const root = identify(child.pid as number);
  if (root === undefined) throw new Error('the root ended too early');
  return { root, all };
}

/** A process in a session of its own, written for Node because macOS has no `setsid` command. */
const SETSID = `"${process.execPath}" -e '
  const { spawn } = require("node:child_process");
  const child = spawn("sh", ["-c", "echo $$ >>\\"$1\\"; exec sleep 1000", "sh", process.argv[1]], { detached: true, stdio: "ignore" });
  child.unref();
' "$1"`;

const sameGroup = 'sh -c \'echo $$ >>"$1"; exec sleep 1000\' sh "$1" &';
const ignoresTerm = 'sh -c \'trap "" TERM; echo $$ >>"$1"; sleep 1000\' sh "$1" &';
const doubleFork = '(sh -c \'echo $$ >>"$1"; exec sleep 1000\' sh "$1" & ) ;';
const end = 'echo $$ >>"$1"; wait; exec sleep 1000';

async function expectGone(all: readonly ProcessIdentity[]): Promise<void> {
  expect(all.filter(isAlive)).toEqual([]);
  expect(await findMarked(mark)).toEqual([]);
}

describe('stopTree', () => {
  it.each([
    ['a child of the same group', sameGroup],
    ['a child in a session of its own, whose parent is gone', SETSID],
    ['a double fork', doubleFork],
  ])('ends %s after SIGTERM', async (_, text) => {
    const { root, all } = await startTree(`${text} ${'\n'} ${end}`, 2);
    const report = await stopTree({ root, mark, graceMs: 30_000 });
    await expectGone(all);
    expect(report.killed).toEqual([]);
    expect(report.survivors).toEqual([]);
    expect(report.terminated).toEqual(expect.arrayContaining(all));
  });

  it('kills what ignores SIGTERM, after the grace and not before', async () => {
    const { root, all } = await startTree(`${ignoresTerm} ${end}`, 2);
    const stubborn = all.filter(({ pid }) => pid !== root.pid);
    const startedAt = performance.now();
    const report = await stopTree({ root, mark, graceMs: 100 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(100);
    await expectGone(all);
    expect(report.terminated).toEqual(expect.arrayContaining([root]));
    expect(report.killed).toEqual(expect.arrayContaining(stubborn));
    expect(report.survivors).toEqual([]);
  });

  it('ends everything at once with all of these together, a wrapper, and no grace', async () => {
    const { root, all } = await startTree(
      `${sameGroup} ${SETSID}\n ${ignoresTerm} ${doubleFork} sh -c 'echo $$ >>"$1"; sleep 1000; exit' sh "$1"`,
      5,
    );
    const report = await stopTree({ root, mark, graceMs: 0 });
    await expectGone([root, ...all]);
    expect(report.survivors).toEqual([]);
  });

  it('reaches a process of another session without the mark while its parent lives', async () => {
    const cleared = `env -u PWT_MARK "${process.execPath}" -e '
      const { spawn } = require("node:child_process");
      spawn("sh", ["-c", "echo $$ >>\\"$1\\"; exec sleep 1000", "sh", process.argv[1]], { detached: true, stdio: "ignore" });
    ' "$1" &`;
    const { root, all } = await startTree(`${cleared} ${end}`, 2);
    await stopTree({ root, graceMs: 30_000 });
    await expectGone(all);
  });

  it('lets a stopped process end by itself', async () => {
    const { root, all } = await startTree(`${end}`, 1);
    process.kill(root.pid, 'SIGSTOP');
    const state = (): string =>
      execFileSync('ps', ['-o', 'state=', '-p', String(root.pid)], { encoding: 'utf8' });
    await expect.poll(state, { interval: 2 }).toMatch(/^T/);
    const report = await stopTree({ root, mark, graceMs: 30_000 });
    await expectGone(all);
    expect(report.killed).toEqual([]);
  });

  it('touches nothing else: not a look-alike, not another mark, not a recycled pid', async () => {
    const { root, all } = await startTree(`${sameGroup} ${end}`, 2);
    const strangers = [`${mark}x`, createMark(), undefined].map((value) => {
      const child = spawn('sleep', ['1000'], {
        stdio: 'ignore',
        env: { ...env, ...(value && { PWT_MARK: value }) },
      });
      onCleanup(async () => child.kill('SIGKILL'));
      return identify(child.pid as number) as ProcessIdentity;
    });
    const recycled = { ...(strangers[0] as ProcessIdentity), startTime: '1' };
    expect(await stopTree({ root: recycled, graceMs: 0 })).toEqual({
      terminated: [],
      killed: [],
      survivors: [],
    });
    await stopTree({ root, mark, graceMs: 30_000 });
    await expectGone(all);
    expect(strangers.filter(isAlive)).toEqual(strangers);
  });
});

describe('sweep', () => {
  it('finds and ends what an ended root left behind, by the mark alone', async () => {
    const child = spawn('sh', ['-c', `${SETSID}`, 'sh', pidFile], {
      stdio: 'ignore',
      env: { ...env, PWT_MARK: mark },
    });
    await once(child, 'exit');
    const left = await identitiesIn(pidFile, 1);
    expect(await findMarked(mark)).toEqual(left);
    expect(await sweep(mark)).toEqual({ terminated: left, killed: [], survivors: [] });
    await expectGone(left);
    expect(await sweep(mark)).toEqual({ terminated: [], killed: [], survivors: [] });
  });

  it('refuses a mark that could match by accident', async () => {
    await expect(sweep('')).rejects.toMatchObject({ code: 'PWT_PROCESS_BAD_REQUEST' });
  });
});
