import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { Network } from '../../../../plugins/bullmq/test/proxy.js';
// @boundaries-ignore the server of the plugin's own tests
import { isInstalled, type ServerSettings } from '../../../../plugins/bullmq/test/redis-server.js';
import { signalled } from '../support/moments.js';
import { buildPwt, spec } from '../support/pwt.js';
import { FleetStage, type WorkerMachine } from '../support/workers.js';

/** Every commit runs one trial of each fault, the proof more. */
const TRIALS = process.env.PWT_PROVE === '1' ? 5 : 1;

const FILES = { 'src/a.txt': 'one\n', 'src/b.txt': 'two\n', 'src/c.txt': 'three\n' };

let program: string;
let stage: FleetStage | undefined;
let trials = 0;

beforeAll(async () => {
  program = await buildPwt();
});

afterEach(async () => {
  await stage?.dispose();
  stage = undefined;
});

/** Three tasks; the agent of the first one says when it is at work, and goes on when it is told to. */
async function open(redis?: ServerSettings, options?: Readonly<Record<string, unknown>>) {
  const made = await FleetStage.open({
    program,
    files: {},
    ...(redis === undefined ? {} : { redis }),
    ...(options === undefined ? {} : { options }),
    gate: 'test -f README.md',
  });
  stage = made;
  const at = (name: string) => join(made.bench.repository.parent, name);
  await made.bench.repository.write({
    ...spec(
      1,
      'src/a.txt',
      ...['@write src/draft.txt draft', '@write src/a.txt one', `@signal ${at('working')}`],
      ...[`@wait ${at('go')}`, '@delete src/draft.txt', '@commit Done'],
    ),
    ...spec(2, 'src/b.txt', '@write src/b.txt two'),
    ...spec(3, 'src/c.txt', '@write src/c.txt three', '@commit Done'),
  });
  await made.bench.repository.commitAll('Specs');
  return { stage: made, working: at('working'), go: () => writeFile(at('go'), '') };
}

/** As the run that nothing disturbs: everything landed once, and nothing is left. */
async function expectUndisturbed(stage: FleetStage, run: Ended): Promise<void> {
  const workers = stage.workers.map((worker) => `${worker.name}:\n${worker.output()}`).join('\n');
  const { exitCode, stdout, stderr } = await run;
  expect(exitCode, `${stdout}\n${stderr}\n${workers}`).toBe(0);
  const { repository } = stage.bench;
  const { 'src/draft.txt': draft, ...files } = await repository.filesOf('main');
  expect({ files, draft }).toEqual({ files: expect.objectContaining(FILES), draft: undefined });
  const log = (
    await repository.git(
      'log',
      '--first-parent',
      '--format=%(trailers:key=Pwt-Task,valueonly,separator=%x2C)',
      'main',
    )
  )
    .split('\n')
    .filter((id) => id !== '');
  expect(log.sort()).toEqual(['1', '2', '3']);
  trials += 1;
}

type Ended = Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;

function run(
  stage: FleetStage,
  args: readonly string[] = ['run', '--yes'],
): { child: ChildProcess; ended: Ended } {
  const child = stage.start([...args, '--max-instances', '3']);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number | null,
    ...output,
  }));
  return { child, ended };
}

/** Which of them the first task's agent works on. */
function ownerOf(stage: FleetStage): WorkerMachine {
  const owner = stage.workers.find((worker) => /attempt \S+\/1\/1 runs/.test(worker.output()));
  if (owner === undefined) throw new Error('no worker has the first task');
  return owner;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe.skipIf(!isInstalled()).each(Array.from({ length: TRIALS }, (_, index) => index + 1))(
  'trial %i',
  () => {
    it('a worker that is killed while its agent works: another one goes on with what it had', async () => {
      const { stage, working, go } = await open();
      await stage.worker('alpha');
      await stage.worker('beta');
      const { ended } = run(stage);
      await signalled(working);
      const owner = ownerOf(stage);
      await stage.refAppears('refs/pwt/unfinished/');
      await killed(owner.child);
      await go();
      await expectUndisturbed(stage, ended);
      expect((await ended).stdout).toContain(`machine ${owner.name} was lost`);
    });

    it('a worker that is killed and started again: its agent was not', async () => {
      const { stage, working, go } = await open(undefined, { lostAfterSeconds: 30 });
      await stage.worker('alpha');
      const { ended } = run(stage);
      await signalled(working);
      const pid = await readFile(working, 'utf8');
      await killed(ownerOf(stage).child);
      const again = await stage.worker('alpha');
      await again.printed(/attempt \S+\/1\/1 was found again/);
      await go();
      await expectUndisturbed(stage, ended);
      expect(await readFile(working, 'utf8')).toBe(pid);
    });

    it.each([
      ['while it pushes', 'pre-receive'],
      ['between push and report', 'post-receive'],
    ])('a worker that is killed %s', async (_, hook) => {
      const { stage, working, go } = await open();
      await stage.worker('alpha');
      await stage.worker('beta');
      const { ended } = run(stage);
      await signalled(working);
      const owner = ownerOf(stage);
      await killOnPush(stage, hook, owner.child.pid ?? 0);
      const gone = once(owner.child, 'exit');
      await go();
      await gone;
      await expectUndisturbed(stage, ended);
    });

    it('a coordinator that is killed: workers finish, and resume collects', async () => {
      const { stage, working, go } = await open();
      await stage.worker('alpha');
      const first = run(stage);
      await signalled(working);
      await killed(first.child);
      await go();
      await stage.workers[0]?.printed(/attempt \S+\/1\/1 is pushed/);
      await expectUndisturbed(stage, run(stage, ['resume']).ended);
    });

    it.each(['everysec', 'always', 'off'] as const)('Redis that is killed, with AOF %s', async (aof) => {
      const { stage, working, go } = await open({ aof });
      await stage.worker('alpha');
      const { ended } = run(stage);
      await signalled(working);
      await stage.redis.kill();
      await go();
      await stage.workers[0]?.printed(/attempt \S+\/1\/1 is pushed/);
      await stage.redis.startAgain({ aof });
      await expectUndisturbed(stage, ended);
    });

    it.each(['cut', 'half-open', 'slow'] as const)('a network that is %s for a while', async (how) => {
      const { stage, working, go } = await open(undefined, { lostAfterSeconds: 30 });
      const network = await Network.to(stage.redis.port);
      try {
        await stage.worker('alpha', { port: network.port });
        const { ended } = run(stage);
        await signalled(working);
        if (how === 'cut') network.cut();
        else if (how === 'half-open') network.drop('both');
        else network.delay(300);
        await go();
        await stage.workers[0]?.printed(/attempt \S+\/1\/1 is pushed/);
        network.heal();
        await expectUndisturbed(stage, ended);
      } finally {
        await stage.dispose();
        await network.close();
      }
    });

    it('a worker whose clock is an hour off, in both directions', async () => {
      const { stage, go } = await open(undefined, {});
      await go();
      for (const [name, hours] of [
        ['ahead', 1],
        ['behind', -1],
      ] as const) {
        const file = join(stage.bench.repository.parent, `${name}.mjs`);
        await writeFile(file, otherTime(hours));
        await stage.worker(name, { env: { NODE_OPTIONS: `--import=${file}` } });
      }
      await expectUndisturbed(stage, run(stage).ended);
    });

    it('two workers that both believe they own a task: one counts, the other one is kept and named', async () => {
      const { stage, working, go } = await open();
      await stage.worker('alpha');
      await stage.worker('beta');
      const { ended } = run(stage);
      await signalled(working);
      const owner = ownerOf(stage);
      const other = stage.workers.find((worker) => worker !== owner) as WorkerMachine;
      owner.child.kill('SIGSTOP');
      await other.printed(/attempt \S+\/1\/2 runs/);
      await go();
      owner.child.kill('SIGCONT');
      await owner.printed(/had been given up: its work is kept as refs\/pwt\/late\//);
      await expectUndisturbed(stage, ended);
    });
  },
);

it('printed how many trials there were', () => {
  console.log(`${trials} trials of faults: nothing lost, nothing landed twice, the same outcome`);
});

/** Has the exchange kill a process when work is pushed to it: before it is taken, or after. */
async function killOnPush({ exchange, bench }: FleetStage, hook: string, pid: number): Promise<void> {
  const file = join(exchange, 'hooks', hook);
  await mkdir(join(exchange, 'hooks'), { recursive: true });
  const lines = [
    '#!/bin/sh',
    'grep -q refs/pwt/attempts/ || exit 0',
    'rm -- "$0"',
    `kill -9 ${pid}`,
    hook === 'pre-receive' ? 'exit 1' : 'exit 0',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o755);
  execFileSync('git', ['--git-dir', exchange, 'config', 'core.hooksPath', join(exchange, 'hooks')], {
    env: bench.env,
  });
}

/** A module that moves the clock of the program that loads it. */
function otherTime(hours: number): string {
  return `const real = Date.now.bind(Date); const by = ${hours * 3_600_000};
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(real() + by); else super(...args); }
  static now() { return real() + by; }
};
`;
}
