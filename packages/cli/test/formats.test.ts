import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, Workbench } from './support/pwt.js';

/** What the tests of each format are about. They are the sources' own, and no part of that package. */
interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly ids: readonly string[];
  readonly marked?: object;
}
const { fixtures } = (await import(
  new URL('../../sources/test/fixtures/fixtures.ts', import.meta.url).href
)) as { readonly fixtures: Readonly<Record<string, Fixture>> };

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.here(program);
});
afterEach(() => bench.dispose());

const all = Object.keys(fixtures);

const MINUTE_MS = 60_000;
/** Lies beside the repository, which has nothing but the tasks. Writes what nobody else writes. */
const WORK = 'mkdir -p out && echo "$PWT_TASK_ID" >"out/$PWT_TASK_ID.txt"\n';

interface Planned {
  readonly tasks: readonly { readonly id: string }[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
  }[];
}

async function plan(cwd = bench.repository.path): Promise<Planned> {
  const outcome = await bench.pwt(['plan', '--json'], { cwd });
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return JSON.parse(outcome.stdout) as Planned;
}

function fixtureOf(name: string): Fixture {
  const fixture = fixtures[name];
  if (!fixture) throw new Error(`no fixture for ${name}`);
  return fixture;
}

const idsOf = ({ tasks }: Planned) => tasks.map(({ id }) => id).sort();

async function initialise(): Promise<readonly unknown[]> {
  const { exitCode, stderr } = await bench.pwt(['init']);
  expect(exitCode, stderr).toBe(0);
  const config = JSON.parse(await readFile(join(bench.repository.path, 'pwt.config.json'), 'utf8')) as {
    readonly formats?: readonly (string | readonly [string])[];
  };
  await bench.repository.commitAll('pwt init');
  return (config.formats ?? ['spec-files']).map((one) => (typeof one === 'string' ? one : one[0]));
}

describe('a repository that has the tasks of a format', () => {
  it.each(all)(
    '%s: found by init, planned, run to the end, and nothing is left in a fresh clone',
    async (name) => {
      const { files, marked, ...fixture } = fixtureOf(name);
      const ids = [...fixture.ids].sort();
      const work = join(bench.repository.parent, 'work.sh');
      await writeFile(work, WORK);
      await bench.repository.write(files);
      await bench.repository.commitAll('tasks');
      expect(await initialise()).toContain(name);
      expect(idsOf(await plan())).toEqual(ids);

      const run = await bench.run(['--json', '--yes', '--mark-done', '--max-instances', '3'], ['sh', work]);
      expect(run.exitCode, run.stderr).toBe(0);
      const joined = parseLines(run.stdout).flatMap(({ type, taskId }) =>
        type === 'integrated' ? [taskId] : [],
      );
      expect(joined.sort()).toEqual(ids);
      expect(await bench.repository.git('status', '--porcelain')).toBe('');
      const landed = await bench.repository.filesOf('main');
      expect(landed).toMatchObject(Object.fromEntries(ids.map((id) => [`out/${id}.txt`, `${id}\n`])));

      // In a fresh clone there is no record of the run: what is left is what the format has no mark for.
      const clone = join(bench.repository.parent, 'clone');
      await bench.repository.git('clone', '--quiet', '.', clone);
      expect(idsOf(await plan(clone))).toEqual(marked ? [] : ids);
    },
    2 * MINUTE_MS,
  );
});

describe('a repository that has the tasks of many formats', () => {
  it('has all of them named by plan, written by init, and planned together', async () => {
    const files = Object.assign({}, ...Object.values(fixtures).map((one) => one.files)) as Record<
      string,
      string
    >;
    await bench.repository.write(files);
    await bench.repository.commitAll('tasks');
    const others = all.filter((name) => name !== 'spec-files');
    const found = (await plan()).diagnostics.find(({ code }) => code === 'PWT_FORMATS_FOUND');
    for (const name of others) expect(found?.hint).toContain(`"${name}"`);
    expect(await initialise()).toEqual(['spec-files', ...others]);
    // Conductor's archive has a `login` too.
    const expected = Object.values(fixtures)
      .flatMap(({ ids }) => ids)
      .map((id) => (id === 'login' ? 'json-tasks-login' : id));
    const planned = await plan();
    expect(idsOf(planned)).toEqual(expected.sort());
    expect(planned.diagnostics.map(({ code }) => code)).not.toContain('PWT_FORMATS_FOUND');
  });
});
