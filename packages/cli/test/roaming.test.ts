import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, spec, Workbench } from './support/pwt.js';

const ROAMING = fileURLToPath(new URL('support/roaming-agent.mjs', import.meta.url));

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

interface Report {
  readonly findings: readonly { readonly intrusion?: { readonly victim: string } }[];
}

/** The machine may be busy. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 50 });

// Where only bytes tell, nothing is certain about one time in five, and nothing is said: no test for every commit.
const ways = process.env.PWT_PROVE === '1' ? ['git', 'file'] : ['git'];

describe.skipIf(process.platform !== 'linux')('two agents that write into each other’s worktrees', () => {
  it.each(ways)(
    'are told, both end, and each task has its own work alone: by %s',
    { timeout: 180_000 },
    async (how) => {
      const bench = await Workbench.create(program, { ...spec(1, 'task-1.txt'), ...spec(2, 'task-2.txt') });
      try {
        const folder = join(bench.repository.parent, 'marks');
        mkdirSync(folder);
        const marks = (kind: string) => readdirSync(folder).filter((name) => name.startsWith(kind)).length;
        const agent = [process.execPath, ROAMING, folder, '2', how];
        const run = bench.start([...runArguments(['--max-instances', '2']), '--', ...agent]);
        run.stdout?.resume();
        run.stderr?.resume();
        const ended = once(run, 'close') as Promise<[number | null]>;
        await soon(() => marks('started-')).toBe(2);
        const report = async () => JSON.parse((await bench.pwt(['status', '--json'])).stdout) as Report;
        const victims = async () =>
          new Set((await report()).findings.flatMap(({ intrusion }) => intrusion?.victim ?? []));
        // One after the other: what two write at one moment is told apart by their claims alone.
        writeFileSync(join(folder, 'go-1'), '');
        await expect.poll(victims, { timeout: 60_000 }).toEqual(new Set(['2']));
        writeFileSync(join(folder, 'go-2'), '');
        await expect.poll(victims, { timeout: 60_000 }).toEqual(new Set(['1', '2']));
        writeFileSync(join(folder, 'finish'), '');
        expect(await ended).toEqual([0, null]);
        const files = await bench.repository.filesOf('main');
        expect(files).toMatchObject({
          'task-1.txt': 'the work of task 1\n',
          'task-2.txt': 'the work of task 2\n',
        });
      } finally {
        // Where something has failed, the agents still wait.
        await bench.pwt(['stop', '--now']);
        await bench.dispose();
      }
    },
  );
});
