import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { blockingMs } from '../src/redis/client-options.js';
import { bundle } from './bundle.js';
import { requirement, snapshot, timings } from './fleet-stage.js';
import { freePort, needsRedis, RedisServer } from './redis-server.js';

const folder = mkdtempSync(join(tmpdir(), 'pwt-end-'));
const program = join(folder, 'program.cjs');

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{}');
  const here = import.meta.dirname;
  await bundle({
    entry: {
      resolveDir: here,
      contents: `
        import { RedisFleet } from '../src/fleet/redis-fleet.ts';
        import { FakeWorker } from './fleet-stage.ts';
        const { redis, timings, requirement, snapshot, does } = JSON.parse(process.argv[2]);
        const fleet = new RedisFleet({ redis, queue: 'q', timings });
        const worker = does === 'nothing' ? undefined : new FakeWorker({ redis, queue: 'q', id: 'one' });
        const ignore = () => undefined;
        async function main() {
          if (does === 'works' || does === 'lost') {
            await worker.start();
            await fleet.call('one', 'snapshot', snapshot);
            fleet.place('place', { ...requirement, repository: 'other' }, {}).catch(ignore);
            fleet.call('two', 'snapshot', snapshot).catch(ignore);
            await fleet.workers();
          }
          if (does === 'waits') {
            worker.start().catch(ignore);
            fleet.call('two', 'snapshot', snapshot).catch(ignore);
            await fleet.workers();
          }
          if (does === 'lost') {
            process.stdout.write('working');
            for await (const _ of process.stdin);
          }
          await fleet.dispose();
          await worker?.stop();
          process.stdout.write('disposed');
        }
        main();
      `,
    },
    outfile: program,
    format: 'cjs',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program; says how long it lives on after it has let go of everything. */
async function run(
  port: number,
  does: string,
  password?: string,
  whenWorking?: () => Promise<void>,
): Promise<number> {
  const redis = { url: `redis://127.0.0.1:${port}`, ...(password === undefined ? {} : { password }) };
  const told = JSON.stringify({ redis, timings, requirement, snapshot, does });
  const child = spawn(process.execPath, [program, told], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  if (whenWorking !== undefined) {
    expect(String((await once(child.stdout, 'data'))[0])).toBe('working');
    await whenWorking();
  }
  child.stdin.end();
  const [text] = await once(child.stdout, 'data');
  const began = performance.now();
  expect(String(text)).toBe('disposed');
  expect(await exited).toEqual([0, null]);
  return performance.now() - began;
}

describe('a process that has let go of workers and fleets', () => {
  it('ends by itself', async ({ skip }) => {
    needsRedis(skip);
    const server = await RedisServer.start();
    try {
      expect(await run(server.port, 'nothing', server.options.password)).toBeLessThan(1500);
      expect(await run(server.port, 'works', server.options.password)).toBeLessThan(1500);
    } finally {
      await server.stop();
    }
  });

  it('ends by itself where Redis was lost', async ({ skip }) => {
    needsRedis(skip);
    const server = await RedisServer.start();
    try {
      const kill = () => server.kill();
      // BullMQ waits out its last blocking read of events.
      const blocked = blockingMs(timings) + 1000;
      expect(await run(server.port, 'lost', server.options.password, kill)).toBeLessThan(blocked + 1500);
    } finally {
      await server.stop();
    }
  });

  it('ends by itself where Redis never answered', async () => {
    expect(await run(await freePort(), 'waits')).toBeLessThan(1500);
  });
});
