import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, type Outcome, runArguments, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const files = { ...spec(1, 'one.txt'), ...spec(12, 'twelve.txt') };
const writesOne = ['sh', '-c', 'echo work > one.txt'];

/** Runs tasks, on a machine that may be busy, with nothing else than what is typed. */
const run = (...args: string[]): Promise<Outcome> => bench.pwt(runArguments(args));

/** A program that is found before all others. */
async function fake(name: string, script: string): Promise<void> {
  const bin = join(bench.repository.parent, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  bench.prependPath(bin);
}

/** What a user reads: its lines without what differs from run to run. */
function read({ stdout, stderr }: Outcome): string {
  return `${stderr}${stdout}`
    .replaceAll(bench.repository.path, '<here>')
    .replace(/\d{8}-\d{6}-[0-9a-z]{4}/g, '<run>')
    .replace(/\b[0-9a-f]{10,40}\b/g, '<commit>')
    .replace(/process \d+, since [^)]+/g, 'process <pid>, since <when>')
    .replace(/lock\.\d+/g, 'lock.<n>');
}

describe('a mistake that a new user makes is named, with its cause and the next command', () => {
  it('an id that no task has', async () => {
    bench = await Workbench.create(program, files);
    const outcome = await run('11', '--', 'true');
    expect(outcome.exitCode).toBe(2);
    expect(read(outcome)).toBe(
      'PWT_TASK_UNKNOWN: There is no task 11.\n  Did you mean 1, 12? See which tasks there are: pwt plan\n',
    );
  });

  it('no agent', async () => {
    bench = await Workbench.create(program, files);
    const outcome = await run();
    expect(outcome.exitCode).toBe(2);
    expect(read(outcome)).toMatch(/^PWT_AGENT_NOT_CONFIGURED: .*\n.*pwt run --agent claude.*pwt init/);
  });

  it('an agent that is not logged in', async () => {
    bench = await Workbench.create(program, files);
    await fake('claude', `if [ "$1" = auth ]; then echo '{"loggedIn": false}'; exit 1; fi; echo 2.1.0`);
    const outcome = await run('--agent', 'claude', '--auto-approve');
    expect(outcome.exitCode).toBeGreaterThan(0);
    expect(read(outcome)).toBe(
      'PWT_AGENT_NOT_LOGGED_IN: The agent claude says that nobody is logged in.\n  Log in with: claude auth login\n',
    );
  });

  it('no spec', async () => {
    bench = await Workbench.create(program, {});
    const outcome = await run('--', 'true');
    expect(read(outcome)).toMatch(
      /^Nothing to do\.\nThere are no tasks\.\nWrite one, for example specs\/SPEC-1-/,
    );
  });

  it('a folder that is in no repository, or not there', async () => {
    bench = await Workbench.create(program, files);
    const elsewhere = join(bench.repository.parent, 'elsewhere');
    await mkdir(elsewhere);
    const outcome = await bench.pwt(['-C', elsewhere, 'plan']);
    expect(outcome.exitCode).toBe(3);
    expect(read(outcome)).toMatch(/^PWT_NOT_A_REPOSITORY: .*elsewhere.*\n {2}.*(?:git init|-C)/);
    const gone = await bench.pwt(['-C', join(elsewhere, 'gone'), 'plan']);
    expect(read(gone)).toMatch(/^PWT_\w+: .*gone.*\n {2}\S/);
  });

  it('files in the checkout that are in the way of the landing', async () => {
    bench = await Workbench.create(program, files);
    await writeFile(join(bench.repository.path, 'one.txt'), 'mine\n');
    const outcome = await run('1', '--', ...writesOne);
    expect(outcome.exitCode).toBe(1);
    const text = read(outcome);
    expect(text).toContain(
      'Not landed: Untracked files in <here> are where the landing adds files: one.txt.',
    );
    expect(text).toContain('Move them away, then run: pwt land');
    expect(text.trimEnd().split('\n').at(-1)).toBe('Land 1: pwt land');
  });

  it('a gate that is red without any task', async () => {
    bench = await Workbench.create(program, files);
    const outcome = await run('1', '--gate', 'echo not even this; exit 1', '--', ...writesOne);
    const text = read(outcome);
    expect(text).toMatch(/PWT_GATE_BASE_RED: Without the work of any task, .*red.*: not even this/);
    expect(text).toMatch(/No task is blamed for that: .* To see what it printed: pwt logs --gate/);
  });

  it('a git that is too old', async () => {
    bench = await Workbench.create(program, files);
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const old = (version: string) =>
      fake('git', `case "$*" in *version*) echo git version ${version};; *) exec '${git}' "$@";; esac`);
    // One with which agents could work, though nothing could be merged.
    await old('2.34.1');
    const late = await run('1', '--', ...writesOne);
    expect(read(late)).toMatch(/^PWT_GIT_TOO_OLD: git 2\.38 or newer .*found git version 2\.34\.1/);
    await old('2.20.1');
    const outcome = await run('1', '--', ...writesOne);
    expect(read(outcome)).toMatch(
      /^PWT_GIT_TOO_OLD: .*found git version 2\.20\.1\.\n {2}Install git 2\.\d+ or newer\./,
    );
    expect(outcome.exitCode).toBeGreaterThan(0);
  });

  it('a flag or a command that there is not', async () => {
    bench = await Workbench.create(program, files);
    const outcome = await run('--max-instance', '3', '--', 'true');
    expect(outcome.exitCode).toBe(2);
    expect(read(outcome)).toMatch(
      /^PWT_USAGE: .*--max-instance.*\n?.*Did you mean --max-instances\?.*\n.*pwt run --help/,
    );
    expect(read(await bench.pwt(['rnu']))).toMatch(/^PWT_USAGE: .*rnu.*\n?.*Did you mean run\?/);
  });

  it('a second run while one is active', async () => {
    bench = await Workbench.create(program, files);
    const first = bench.start(runArguments(['12', '--', 'sleep', '1000']));
    first.stdout?.resume();
    const ended = once(first, 'close');
    try {
      const started = async () => (await bench.pwt(['status'])).stdout;
      await expect.poll(started, { timeout: 30_000 }).toMatch(/running +12/);
      const outcome = await run('1', '--', ...writesOne);
      expect(outcome.exitCode).toBe(3);
      expect(read(outcome)).toBe(
        [
          'PWT_RUN_LOCKED: Run <run> is active in this repository (process <pid>, since <when>).',
          '  at <here>/.git/pwt/lock.<n>',
          '  Watch it with `pwt status`, stop it with `pwt stop`, or wait until it ends.',
          '',
        ].join('\n'),
      );
    } finally {
      await bench.pwt(['stop', '--now']);
      await ended;
    }
  });
});
