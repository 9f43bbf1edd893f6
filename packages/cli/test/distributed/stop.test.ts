import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { needsRedis } from '../../../../plugins/bullmq/test/redis-server.js';
import { signalled } from '../support/moments.js';
import { buildPwt, spec } from '../support/pwt.js';
import { FleetStage, worktreesIn } from '../support/workers.js';

let program: string;
let stage: FleetStage | undefined;

beforeAll(async () => {
  program = await buildPwt();
});

afterEach(async () => {
  await stage?.dispose();
  stage = undefined;
});

describe('pwt stop --now', () => {
  beforeEach(({ skip }) => needsRedis(skip));

  it('ends remote trees; what they said stays readable, and clean tidies the workers', async () => {
    stage = await FleetStage.open({ program, files: {} });
    const { repository } = stage.bench;
    const at = (name: string) => join(repository.parent, name);
    const endless = (id: number, file: string) =>
      spec(
        id,
        file,
        `@say task ${id} thinks`,
        `@write ${file} half`,
        `@signal ${at(`working-${id}`)}`,
        `@wait ${at('never')}`,
      );
    await repository.write({ ...endless(1, 'src/a.txt'), ...endless(2, 'src/b.txt') });
    await repository.commitAll('Specs');
    await stage.worker('alpha');
    await stage.worker('beta');
    const child = stage.start(['run', '--yes', '--max-instances', '2']);
    const ended = new Promise((resolve) => child.once('close', resolve));
    await Promise.all([signalled(at('working-1')), signalled(at('working-2'))]);
    const pids = await Promise.all(
      [1, 2].map(async (id) => Number(await readFile(at(`working-${id}`), 'utf8'))),
    );
    const following = stage.start(['logs', '1', '--follow']);
    await printed(following, /task 1 thinks/);
    const { stdout: status } = await stage.pwt(['status']);
    for (const name of ['alpha', 'beta']) expect(status).toContain(name);
    const since = Date.now();
    const stopping = stage.pwt(['stop', '--now']);
    // Each look takes a turn of the event loop.
    while (pids.some(isRunning)) await new Promise(setImmediate);
    console.log(`remote agents were gone ${Date.now() - since} ms after Enter`);
    expect(await stopping).toMatchObject({ exitCode: 0 });
    await ended;
    for (const { home } of stage.workers) expect(processesIn(home)).toEqual([]);
    await once(following, 'close');
    expect((await stage.pwt(['logs', '1'])).stdout).toContain('task 1 thinks');
    const kept = await stage.pwt(['clean']);
    expect(kept.stdout).toContain('pwt clean --abandon 1');
    const cleaned = await stage.pwt(['clean', '--abandon', '1', '2', '--force-dirty', '--force-unmerged']);
    expect(cleaned.exitCode, cleaned.stdout + cleaned.stderr).toBe(0);
    for (const { home } of stage.workers) expect(await worktreesIn(home)).toEqual([]);
    expect(await stage.refsOnExchange()).toEqual([]);
  });
});

/** Resolves when a program has printed this. */
function printed({ stdout }: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
  });
}

/** The command lines of processes that mention a folder, but for the worker itself. */
function processesIn(folder: string): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(`${folder}/`) && !line.includes('pwt-worker'));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
