import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
let child: ChildProcess;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program);
  const wait = (id: number) => [
    `@say hello from ${id}`,
    `@wait ${path(`go-${id}`)}`,
    `@say bye from ${id}`,
    '@claims',
  ];
  await bench.repository.write({ ...spec(1, 'one.txt', ...wait(1)), ...spec(2, 'two.txt', ...wait(2)) });
  await bench.repository.commitAll('specs');
  child = bench.start([...runArguments(), '--', ...scriptedAgent]);
  child.stdout?.resume();
  child.stderr?.resume();
  await expect
    .poll(async () => (await bench.pwt(['logs'])).stdout, { timeout: 30_000 })
    .toMatch(/hello from 1[\s\S]*hello from 2/);
});
afterEach(async () => {
  child.kill('SIGKILL');
  for (const id of [1, 2]) await go(id);
  await bench.dispose();
});

const path = (name: string) => join(bench.repository.parent, name);
const go = (id: number) => writeFile(path(`go-${id}`), '');

function start(...args: string[]) {
  const started = bench.start(args);
  let text = '';
  for (const stream of [started.stdout, started.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return { started, ended: once(started, 'close'), text: () => text };
}

describe('a run of another process', () => {
  it('is watched to its end in a pipe, a line for each change, and its logs are followed', async () => {
    const [watching, all, one] = [
      start('status', '--watch'),
      start('logs', '-f'),
      start('logs', '--follow', '1', '--raw'),
    ];
    await expect.poll(all.text, { timeout: 30_000 }).toContain('2 | hello from 2\n');
    await expect.poll(one.text, { timeout: 30_000 }).toBe('hello from 1\n');
    await expect.poll(watching.text, { timeout: 30_000 }).toContain('watching run ');
    await go(1);
    // Task 1 has ended, and the run has not.
    expect(await one.ended).toEqual([0, null]);
    expect(one.text()).toBe('hello from 1\nbye from 1\n');
    await go(2);
    expect(await Promise.all([watching.ended, all.ended])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(all.text()).toMatch(/^1 \| hello from 1$[\s\S]*^1 \| bye from 1$[\s\S]*^2 \| bye from 2$/m);
    expect(watching.text()).toMatch(/: integrated as [\s\S]*finished in .*[\s\S]*2 landed in /);
  });

  it('goes on when the watching is ended', async () => {
    const watching = start('status', '--watch');
    await expect.poll(watching.text, { timeout: 30_000 }).toContain('watching run ');
    await go(1);
    await expect.poll(watching.text, { timeout: 30_000 }).toContain('landed on main');
    watching.started.kill('SIGINT');
    expect(await watching.ended).toEqual([0, null]);
    expect(watching.text()).toContain('No longer watching; the run goes on.');
    await go(2);
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

/** Debian's package tmux has it: apt-get install tmux */
const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasTmux)('in a real terminal', () => {
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', path('tmux'), ...args], {
      encoding: 'utf8',
      env: { ...bench.env, TERM: 'xterm' },
    });
  const screen = () => tmux('capture-pane', '-p');
  const open = (...args: string[]) => {
    const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
    tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '110',
      '-y',
      '30',
      '-c',
      bench.repository.path,
      `${command}; sleep 60`,
    );
  };
  afterEach(() => {
    try {
      tmux('kill-server');
    } catch {
      // It has ended by itself.
    }
  });

  it('a run is watched, with the key that works, and goes on after it', async () => {
    open('status', '--watch');
    await expect
      .poll(screen, { timeout: 30_000 })
      .toMatch(/● running +1[\s\S]*Ctrl-C: stop watching; the run goes on/);
    tmux('send-keys', 'C-c');
    await expect.poll(screen, { timeout: 30_000 }).toContain('No longer watching; the run goes on.');
    await go(1);
    await go(2);
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('a run is watched to its end, with its logs', async () => {
    open('status', '-w');
    await expect.poll(screen, { timeout: 30_000 }).toMatch(/running +2/);
    tmux(
      'split-window',
      '-c',
      bench.repository.path,
      `'${process.execPath}' '${program}' logs -f 2; sleep 60`,
    );
    await expect.poll(screen, { timeout: 30_000 }).toContain('hello from 2');
    await go(1);
    await go(2);
    await expect.poll(screen, { timeout: 30_000 }).toContain('bye from 2');
    tmux('select-pane', '-t', '0');
    await expect.poll(screen, { timeout: 30_000 }).toContain('2 landed in ');
  });
});
