import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
let child: ChildProcess;
let stdout: string;
let stderr: string;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program);
});
afterEach(async () => {
  child.kill('SIGKILL');
  await allow('go');
  await bench.dispose();
});

const path = (name: string) => join(bench.repository.parent, name);
const allow = (name: string) => writeFile(path(name), '');

function there(name: string): Promise<void> {
  const file = path(name);
  return new Promise((resolve) => {
    const watcher = watch(dirname(file), () => check());
    const check = (): void => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    check();
  });
}

/** Task 1 ends at once, 2 and 3 wait, 4 waits for a slot, and 5 for 2. */
async function start(...flags: readonly string[]): Promise<void> {
  const wait = (id: number) => [`@signal ${path(`begun-${id}`)}`, `@wait ${path('go')}`, '@claims'];
  await bench.repository.write({
    ...spec(1, 'one.txt', '@claims'),
    ...spec(2, 'two.txt', ...wait(2)),
    ...spec(3, 'three.txt', ...wait(3)),
    ...spec(4, 'four.txt', ...wait(4)),
    ...spec(5, 'two.txt', '@claims'),
  });
  await bench.repository.commitAll('specs');
  child = bench.start([...runArguments(['--max-instances', '2', ...flags]), '--', ...scriptedAgent]);
  stdout = '';
  stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
}

/** What the run has printed at its end, after its events. */
function report(): string {
  const last = stdout.lastIndexOf('interrupted: ');
  return stdout.slice(stdout.indexOf('\n', last) + 1);
}

async function expectAgreement(): Promise<string> {
  expect(await once(child, 'close')).toEqual([130, null]);
  const status = (await bench.pwt(['status'])).stdout;
  const [first, ...rest] = status.split('\n');
  expect(first).toMatch(/^pwt \S+ onto main · interrupted after /);
  expect(rest.join('\n')).toBe(report());
  return report();
}

describe('the status of an interrupted run says what its report has said', () => {
  it('after agents were let finish', async () => {
    await start();
    await Promise.all([there('begun-2'), there('begun-3')]);
    child.kill('SIGINT');
    await expect.poll(() => stderr).toContain('Nothing more starts. 2 agents (');
    expect(stderr).toContain('their work is tested and lands. To end now: press Ctrl-C again.');
    await allow('go');
    const said = await expectAgreement();
    expect(said).toMatch(/landed {2,}1 /);
    expect(said).toMatch(/waiting {2,}4 /);
    expect(said).toContain('3 landed, 2 waiting in ');
    expect(said).toMatch(/\nGo on: pwt resume\n$/);
  });

  it('after agents were ended', async () => {
    await start();
    await Promise.all([there('begun-2'), there('begun-3')]);
    await expect.poll(() => stdout, { timeout: 30_000 }).toContain('landed on main');
    child.kill('SIGINT');
    await expect.poll(() => stderr).toContain('press Ctrl-C again');
    child.kill('SIGINT');
    await expect.poll(() => stderr).toContain('Ending 2 agents (');
    const said = await expectAgreement();
    expect(said).toContain('1 landed, 2 waiting, 2 interrupted in ');
    expect(said).not.toContain('cancelled');
  });

  it('while its gate tests', async () => {
    const gate = `echo > ${path('gating')}; test -e ${path('go')} || { mkfifo ${path('pipe')}; read line < ${path('pipe')}; }`;
    await start('--gate', gate);
    await there('gating');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const said = await expectAgreement();
    expect(said).toContain('waiting');
  });

  it('while a set-up runs, before any agent', async () => {
    const setup = `echo > ${path('setting-up')}; mkfifo pipe; read line < pipe`;
    await start('--setup', setup);
    await there('setting-up');
    child.kill('SIGTERM');
    const said = await expectAgreement();
    expect(said).not.toContain('landed');
  });
});
