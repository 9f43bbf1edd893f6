import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { inTheProof, needsRedis } from '../../../../plugins/bullmq/test/redis-server.js';
import { signalled } from '../support/moments.js';
import { buildPwt, scriptedAgent, spec } from '../support/pwt.js';
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

/** Task 2 is left half done until its agent is told something. */
const FAILS_AT_FIRST = `[ "$PWT_TASK_ID" = 2 ] || exec "$@"
told=$(cat)
case $told in *told-more*) printf '%s\\n' "$told" | "$@"; exit;; esac
mkdir -p src; echo half > src/b.txt; exit 3`;

/** More than travels in the queue. */
const LINES = Array.from({ length: 100 }, (_, number) => `line-${number} ${'x'.repeat(1000)}`);

describe('tasks that are on another machine', () => {
  beforeEach(({ skip }) => needsRedis(skip));

  it('are followed and looked at while they work, stopped, reviewed and landed as here', async () => {
    const at = await signals();
    stage = await FleetStage.open({ program, files: { ...talks(at), ...endless(at) } });
    await stage.worker('alpha', { flags: ['--max-instances', '2'] });
    const pwt = shell(stage);
    const run = stage.pwt(['run', '--yes', '--review', '--retries', '0', '--max-instances', '2']);
    await followAndStop({ stage, at, pwt });
    expect(await run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 ready, 1 cancelled') });
    expect(await pwt('land')).toContain('1 landed, 1 cancelled');
    expect(await pwt('clean', '--force-dirty', '3')).toMatch(/^removed \S+\/3 on alpha;/m);
    expect(await stage.refsOnExchange()).toEqual([]);
  });

  it('are restored, tried again and resolved as here', { timeout: 240_000 }, async ({ skip }) => {
    inTheProof(skip);
    const at = await signals();
    stage = await FleetStage.open({
      program,
      files: {
        'src/d.txt': 'zero\n',
        ...talks(at, '@write src/d.txt one'),
        ...spec(2, 'src/b.txt', '@write src/b.txt two'),
        ...endless(at),
        ...spec(4, 'src/d.txt', `@wait ${at('joined')}`, '@write src/d.txt four'),
      },
      agent: ['sh', '-c', FAILS_AT_FIRST, 'sh', ...scriptedAgent],
      // The work of task 4 comes after that of task 1.
      gate: `test ! -e src/a.txt || touch ${at('joined')}`,
    });
    const { repository } = stage.bench;
    const alpha = await stage.worker('alpha', { flags: ['--max-instances', '4'] });
    const pwt = shell(stage);
    const run = stage.pwt(['run', '--yes', '--review', '--retries', '0', '--max-instances', '4']);
    await followAndStop({ stage, at, pwt });
    expect(await run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 ready, 1 failed') });

    expect(await pwt('diff', '2')).toContain('+half');
    const restored = join(repository.parent, 'restored');
    await pwt('restore', '3', '--to', restored);
    expect(await readFile(join(restored, 'src/c.txt'), 'utf8')).toBe('draft\n');

    const again = await stage.pwt(['retry', '2', '-m', 'told-more']);
    expect(again.stdout, again.stderr).toMatch(/2 ready, 1 conflicted, 1 cancelled/);
    expect(again.stdout).toMatch(/^1, 2, 3 and 4 are kept below \S+ on alpha$/m);

    const resolving = await pwt('resolve', '4');
    const [, there = ''] = /The merge is in its worktree: (\S+) on alpha/.exec(resolving) ?? [];
    expect(resolving).toContain('Log in on alpha for steps 1 and 2.');
    await writeFile(join(there, 'src/d.txt'), 'both\n');
    await repository.git('-C', there, 'commit', '--quiet', '--all', '--no-edit');
    const alone = await stage.pwt(['land', '4']);
    expect(alone).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("4 can't land without 1") });
    expect(await pwt('land')).toContain('3 landed, 1 cancelled');
    expect(await repository.filesOf('main')).toMatchObject({
      ...{ 'src/a.txt': 'one\n', 'src/b.txt': 'two\n', 'src/d.txt': 'both\n' },
    });

    await pwt('clean', '--force-dirty', '3');
    expect(await worktreesIn(alpha.home)).toEqual([]);
    expect(await stage.refsOnExchange()).toEqual([]);
  });
});

type At = (name: string) => string;

/** Where agents and the test tell each other how far they are. */
async function signals(): Promise<At> {
  const folder = await mkdtemp(join(tmpdir(), 'pwt-signals-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

/** A task whose agent says much, and waits. */
function talks(at: At, ...more: readonly string[]) {
  const said = LINES.map((line) => `@say ${line}`);
  const waits = [`@signal ${at('works-1')}`, `@wait ${at('goes-on')}`, '@say the-end'];
  return spec(1, 'src/a.txt', ...said, '@write src/a.txt one', ...more, ...waits);
}

/** A task whose agent ends by being stopped. */
function endless(at: At) {
  return spec(3, 'src/c.txt', '@write src/c.txt draft', `@signal ${at('works-3')}`, `@wait ${at('never')}`);
}

type Pwt = (...args: string[]) => Promise<string>;

/** Commands that are to work, and what they print. */
function shell(of: FleetStage): Pwt {
  return async (...args) => {
    const { exitCode, stdout, stderr } = await of.pwt(args);
    expect({ exitCode, stderr }, `pwt ${args.join(' ')}\n${stdout}`).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
}

interface Stage {
  readonly stage: FleetStage;
  readonly at: At;
  readonly pwt: Pwt;
}

/** Follows task 1 to its end, looks at it meanwhile, and stops task 3. */
async function followAndStop({ stage: fleet, at, pwt }: Stage): Promise<void> {
  await Promise.all([signalled(at('works-1')), signalled(at('works-3'))]);
  const following = followed(fleet.start(['logs', '1', '--follow']));
  await following.printed(/line-99 /);
  expect(await pwt('diff', '1')).toContain('+one');
  const agent = Number(await readFile(at('works-3'), 'utf8'));
  await pwt('stop', '3');
  await fleet.workers[0]?.printed(/attempt \S+\/3\/1 ended: stopped/);
  expect(isRunning(agent)).toBe(false);
  await writeFile(at('goes-on'), '');
  const text = await following.ended;
  expect(text).toMatch(/bytes of output are on alpha, and here when the agent has ended[\s\S]*the-end$/);
  const log = await pwt('logs', '1');
  expect(log.length).toBeGreaterThan(64 * 1024);
  expect(log.split('\n').slice(1, 102)).toEqual([...LINES, 'the-end']);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What a program prints from now on. */
function followed({ stdout }: ChildProcess) {
  let text = '';
  const ended = new Promise<string>((resolve) => stdout?.once('close', () => resolve(text.trimEnd())));
  return {
    ended,
    printed: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        stdout?.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (pattern.test(text)) resolve();
        });
      }),
  };
}
