import type { ChildProcess } from 'node:child_process';
import { watch, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, type Outcome, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
const children: ChildProcess[] = [];
/** Each of these takes seconds; `npm run prove` runs all of them. */
const PROVE = process.env.PWT_PROVE === '1';
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // Whatever a failed test has left waiting ends now.
  go();
  await bench.dispose();
});

const go = () => writeFileSync(join(bench.repository.parent, 'go'), '');

interface Line {
  readonly type: string;
  readonly taskId?: string;
  readonly status?: string;
}

interface Shown {
  readonly tasks: readonly { readonly taskId: string; readonly status: string }[];
}

async function statuses(): Promise<Record<string, string>> {
  const { stdout } = await bench.pwt(['status', '--json']);
  const { tasks } = JSON.parse(stdout) as Shown;
  return Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
}

const main = () => bench.repository.filesOf('main');

interface Driven {
  readonly run: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Resolves at the first line that fits. */
  readonly until: (fits: (line: Line) => boolean) => Promise<void>;
}

function start(args: readonly string[]): Driven {
  const run = bench.start([...runArguments(['--json', ...args]), '--', ...scriptedAgent]);
  children.push(run);
  const lines: Line[] = [];
  let listener: () => void = () => undefined;
  if (run.stdout)
    createInterface({ input: run.stdout }).on('line', (text) => {
      lines.push(JSON.parse(text) as Line);
      listener();
    });
  run.stderr?.resume();
  return {
    run,
    ended: new Promise((resolve) => run.on('close', resolve)),
    until: (fits) =>
      new Promise((resolve) => {
        listener = () => lines.some(fits) && resolve();
        listener();
      }),
  };
}

async function committed(specs: Readonly<Record<string, string>>): Promise<void> {
  await bench.repository.write(specs);
  await bench.repository.commitAll('specs');
}

/** One and two are ready; the agent of nine waits for the file `go`, and the run with it. */
async function waiting(): Promise<Driven> {
  bench = await Workbench.create(program);
  const wait = `@wait ${bench.repository.parent}/go`;
  await committed({
    ...spec(1, 'one.txt', '@write one.txt one'),
    ...spec(2, 'two.txt', '@write two.txt two'),
    ...spec(9, 'nine.txt', 'Depends on: 1, 2', wait, '@write nine.txt nine'),
  });
  const driven = start(['--review', '--gate', 'true']);
  await driven.until(({ type, taskId }) => type === 'agent-launched' && taskId === '9');
  return driven;
}

/** Has another terminal ask for a landing, and resolves when the request lies in the inbox of a run that stands still. */
async function asked(): Promise<{ readonly child: ChildProcess; readonly ended: Promise<Outcome> }> {
  const runs = join(bench.repository.path, '.git', 'pwt', 'runs');
  const [runId = ''] = await readdir(runs);
  const state = join(runs, runId);
  const child = bench.start(['land', '1']);
  children.push(child);
  const texts: string[] = [];
  child.stdout?.on('data', (text) => texts.push(String(text)));
  child.stderr?.on('data', (text) => texts.push(String(text)));
  const ended = new Promise<Outcome>((resolve) =>
    child.on('close', (exitCode) => resolve({ exitCode, stdout: texts.join(''), stderr: '' })),
  );
  const isThere = async () =>
    (await readdir(join(state, 'inbox')).catch(() => [])).some((name) => name.endsWith('.json'));
  await new Promise<void>((resolve) => {
    const watcher = watch(state, { recursive: true }, () => look());
    const look = () =>
      void isThere().then((is) => {
        if (!is) return;
        watcher.close();
        resolve();
      });
    look();
  });
  return { child, ended };
}

const landings = async () =>
  (await bench.repository.git('log', '--oneline', 'main', '--', 'one.txt')).trim().split('\n').length;

describe('decisions on a run that another process drives', () => {
  it('lands and sends back what is ready, and the run goes on with it', async () => {
    const { ended } = await waiting();
    const unknown = await bench.pwt(['land', '9']);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('PWT_TASK_NOT_READY') });

    const landed = await bench.pwt(['land', '1']);
    expect(landed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 landed') });
    expect(await main()).toMatchObject({ 'one.txt': 'one\n' });
    expect(await main()).not.toHaveProperty('two.txt');

    const rejected = await bench.pwt(['reject', '2', '-m', 'another word\n@write two.txt better']);
    expect(rejected).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Task 2 goes back') });
    expect((await bench.pwt(['land', '1'])).stderr).toContain('PWT_TASK_NOT_READY');
    go();
    expect(await ended).toBe(0);
    expect(await statuses()).toEqual({ '1': 'landed', '2': 'ready', '9': 'ready' });
    expect(await bench.pwt(['land'])).toMatchObject({ exitCode: 0 });
    expect(await main()).toMatchObject({ 'two.txt': 'better\n', 'nine.txt': 'nine\n' });
  });

  it.runIf(PROVE)(
    'stops a task from another terminal, and says where there is nothing to answer or to stop',
    async () => {
      const { ended } = await waiting();
      expect((await bench.pwt(['answer', '9', 'yes'])).stderr).toContain('PWT_NO_QUESTION');
      expect(await bench.pwt(['stop', '9'])).toMatchObject({ exitCode: 0 });
      expect(await ended).toBe(1);
      expect(await statuses()).toEqual({ '1': 'ready', '2': 'ready', '9': 'cancelled' });
      expect((await bench.pwt(['stop', '9'])).stderr).toContain('PWT_TASK_NOT_STOPPABLE');
    },
  );

  it.runIf(PROVE)('takes back what a killed run has not taken, and does it itself', async () => {
    const { run, ended } = await waiting();
    run.kill('SIGSTOP');
    const land = await asked();
    run.kill('SIGKILL');
    await ended;
    expect(await land.ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 landed') });
    go();
    expect(await bench.pwt(['resume'])).toMatchObject({ exitCode: 0 });
    expect([await landings(), await statuses()]).toEqual([1, { '1': 'landed', '2': 'ready', '9': 'ready' }]);
  });

  it.runIf(PROVE)('is done by the next resume where both were killed, once', async () => {
    const { run, ended } = await waiting();
    run.kill('SIGSTOP');
    const land = await asked();
    land.child.kill('SIGKILL');
    run.kill('SIGKILL');
    await Promise.all([ended, land.ended]);
    go();
    expect(await bench.pwt(['resume'])).toMatchObject({ exitCode: 0 });
    expect([await landings(), await statuses()]).toEqual([1, { '1': 'landed', '2': 'ready', '9': 'ready' }]);
  });

  it.runIf(PROVE)(
    'lands a conflict that a person has resolved, under review together with what is ready',
    async () => {
      bench = await Workbench.create(program, { 'shared.txt': 'a\n' });
      const wait = `@wait ${bench.repository.parent}/go`;
      await committed({
        ...spec(1, 'one.txt', '@write shared.txt one', '@write one.txt one'),
        ...spec(2, 'two.txt', '@write shared.txt two', '@write two.txt two'),
        ...spec(9, 'nine.txt', wait, '@write nine.txt nine'),
      });
      const { run, ended, until } = start(['--review', '--max-instances', '3']);
      await until(({ type, status }) => type === 'task-finished' && status === 'conflicted');
      await until(({ type }) => type === 'integrated');
      const by = await statuses();
      const [conflicted = ''] = Object.keys(by).filter((id) => by[id] === 'conflicted');
      const [ready = ''] = Object.keys(by).filter((id) => by[id] === 'ready');
      expect((await bench.pwt(['resolve', conflicted])).stderr).toContain('pwt stop');
      run.kill('SIGINT');
      go();
      await ended;
      const resolution = JSON.parse((await bench.pwt(['resolve', conflicted, '--json'])).stdout) as {
        readonly workspace: { readonly path: string };
      };
      const { path } = resolution.workspace;
      writeFileSync(join(path, 'shared.txt'), 'both\n');
      await bench.repository.git('-C', path, 'commit', '--quiet', '--all', '--no-edit');
      expect(await bench.pwt(['land', ready, conflicted])).toMatchObject({ exitCode: 0 });
      expect(await main()).toMatchObject({ 'shared.txt': 'both\n' });
    },
  );
});
