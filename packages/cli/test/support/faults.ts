import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { needsRedis, type ServerSettings } from '../../../../plugins/bullmq/test/redis-server.js';
import { buildPwt, type Outcome, spec } from './pwt.js';
import { FleetStage, type WorkerMachine, worktreesIn } from './workers.js';

/** Every commit tries a sample, each mechanism once; the proof tries every fault several times. */
const PROOF = process.env.PWT_PROVE === '1';
const TRIALS = PROOF ? 5 : 1;
/** So often is looked whether there is anything left. */
const ROUNDS = 20;
/** Everything must hold at any load: only what hangs takes so long. */
const PATIENCE = PROOF ? 300_000 : 60_000;

/** What the run makes that nothing disturbs. */
const FILES = { 'src/a.txt': 'one\n', 'src/b.txt': 'two\n', 'src/c.txt': 'three\n' };

let program: string;
let stage: FaultStage | undefined;
let trials = 0;
/** What was printed in the last test. */
let outputs = '';

export interface FaultRequest {
  readonly redis?: ServerSettings;
  /** Further options of the plugin. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Further settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The command of the gate, given where the files for signals are. @default one that says yes */
  readonly gate?: (at: (name: string) => string) => string;
  readonly setup?: (at: (name: string) => string) => string;
  /** What the first task's agent does; the files that come of it are the same. @default writes, says that it is at work, waits, commits */
  readonly first?: (at: (name: string) => string) => readonly string[];
  /** @default the scripted agent */
  readonly agent?: (at: (name: string) => string) => readonly string[];
}

/** A command that says that it is at work, and goes on when it is told to. It says so anew each time that it is run. */
export function waits(at: (name: string) => string, name: string): string {
  return `echo $$ >> '${at(`${name}-works`)}'; while [ ! -e '${at(`${name}-goes-on`)}' ]; do sleep 0.02; done`;
}

function writesAndWaits(at: (name: string) => string): readonly string[] {
  return [
    ...['@write src/draft.txt draft', '@write src/a.txt one', `@signal ${at('working')}`],
    ...[`@wait ${at('go')}`, '@delete src/draft.txt', '@commit Done'],
  ];
}

/** Three tasks; the agent of the first one says when it is at work, and goes on when it is told to. */
export class FaultStage {
  readonly fleet: FleetStage;
  readonly #signals: string;
  readonly #runs: { readonly child: ChildProcess; readonly output: { stdout: string; stderr: string } }[] =
    [];

  private constructor(fleet: FleetStage, signals: string) {
    this.fleet = fleet;
    this.#signals = signals;
  }

  static async open({
    gate,
    setup,
    agent,
    first = writesAndWaits,
    ...request
  }: FaultRequest = {}): Promise<FaultStage> {
    const signals = await mkdtemp(join(tmpdir(), 'pwt-signals-'));
    const at = (name: string) => join(signals, name);
    const fleet = await FleetStage.open({
      ...{ program, files: {}, gate: gate?.(at) ?? 'test -f README.md', ...request },
      ...(setup === undefined ? {} : { setup: setup(at) }),
      ...(agent === undefined ? {} : { agent: agent(at) }),
    });
    const made = new FaultStage(fleet, signals);
    stage = made;
    await fleet.bench.repository.write({
      ...spec(1, 'src/a.txt', ...first(at)),
      ...spec(2, 'src/b.txt', '@write src/b.txt two'),
      ...spec(3, 'src/c.txt', '@write src/c.txt three', '@commit Done'),
    });
    await fleet.bench.repository.commitAll('Specs');
    return made;
  }

  /** A file for signals. */
  at(name: string): string {
    return join(this.#signals, name);
  }

  get working(): string {
    return this.at('working');
  }

  /** Lets whoever waits for it go on. */
  async tell(name = 'go'): Promise<void> {
    await writeFile(this.at(name), '');
  }

  run(args: readonly string[] = ['run', '--yes']): {
    readonly child: ChildProcess;
    readonly ended: Promise<Outcome>;
    /** Waits until it has printed this. */
    printed(pattern: RegExp): Promise<void>;
  } {
    const child = this.fleet.start([...args, '--max-instances', '3']);
    const output = { stdout: '', stderr: '' };
    this.#runs.push({ child, output });
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    const ended = once(child, 'close').then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      ...output,
    }));
    const printed = async (pattern: RegExp) => {
      while (!pattern.test(output.stdout))
        await Promise.race([once(child.stdout as Readable, 'data'), ended]);
    };
    return { child, ended, printed };
  }

  /** Waits until one of them says that it has the first task's agent, which may be a moment after the agent. */
  owner(): Promise<WorkerMachine> {
    return Promise.any(
      this.fleet.workers.map(async (worker) => {
        await worker.printed(/attempt \S+\/1\/1 runs/);
        return worker;
      }),
    );
  }

  /** As the run that nothing disturbs: everything landed once, and nothing else did. */
  async expectUndisturbed(
    run: Promise<Outcome>,
    further: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const ended = await run;
    const { exitCode, stdout, stderr } = ended;
    expect(exitCode, stdout + stderr).toBe(0);
    const { repository } = this.fleet.bench;
    const made = Object.entries(await repository.filesOf('main')).filter(([path]) => path.startsWith('src/'));
    expect(Object.fromEntries(made), stdout).toEqual({ ...FILES, ...further });
    const trailers = '%(trailers:key=Pwt-Task,valueonly,separator=%x2C)';
    const log = await repository.git('log', '--first-parent', `--format=${trailers}`, 'main');
    const landed = log.split('\n').filter((id) => id !== '');
    expect(landed.sort()).toEqual(['1', '2', '3']);
    trials += 1;
    return ended;
  }

  /**
   * All that the run has put on the exchange and on machines that are there is gone, once `pwt clean` has run.
   *
   * @param force flags for what a machine may have in a workspace that was set back, and that has landed all the same
   */
  async expectNothingLeft(...force: readonly string[]): Promise<void> {
    const there = this.fleet.workers.filter(
      ({ child }) => child.exitCode === null && child.signalCode === null,
    );
    for (let round = 1; ; round += 1) {
      const { exitCode, stdout, stderr } = await this.fleet.pwt(['clean', ...force]);
      expect(exitCode, stdout + stderr).toBe(0);
      const worktrees = await Promise.all(there.map(({ home }) => worktreesIn(home)));
      const left = [...worktrees.flat(), ...(await this.fleet.refsOnExchange())];
      if (left.length === 0) return;
      // One that has come back may still bring its late work: it goes with a later call.
      if (round === ROUNDS) expect(left, stdout).toEqual([]);
    }
  }

  /** What all have printed so far. */
  outputs(): string {
    const runs = this.#runs.map(({ output }) => `pwt:\n${output.stdout}${output.stderr}`);
    const workers = this.fleet.workers.map((worker) => `${worker.name}:\n${worker.output()}`);
    return [...runs, ...workers].join('\n');
  }

  async dispose(): Promise<void> {
    // One that has failed its test may wait for ever.
    for (const { child } of this.#runs) await killed(child);
    await this.fleet.dispose();
    await rm(this.#signals, { recursive: true, force: true });
  }

  /** Has the exchange do something when refs below a prefix are pushed to it: before it takes them, or after. Once. */
  async onPush(prefix: string, hook: 'pre-receive' | 'post-receive', command: string): Promise<void> {
    const { exchange, bench } = this.fleet;
    const file = join(exchange, 'hooks', hook);
    await mkdir(join(exchange, 'hooks'), { recursive: true });
    const lines = ['#!/bin/sh', `grep -q ${prefix} || exit 0`, 'rm -- "$0"', command];
    await writeFile(file, `${lines.join('\n')}\nexit ${hook === 'pre-receive' ? 1 : 0}\n`);
    await chmod(file, 0o755);
    execFileSync('git', ['--git-dir', exchange, 'config', 'core.hooksPath', join(exchange, 'hooks')], {
      env: bench.env,
    });
  }
}

export async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

type Fault = (skip: (note: string) => void) => Promise<void>;

export interface Faults {
  /** One that is tried with every commit: it is the sample of its kind. */
  readonly sample: (name: string, body: Fault) => void;
  /** One more of a kind of which there is a sample: the proof tries it. */
  readonly further: (name: string, body: Fault) => void;
}

/** Declares the faults of a file. Each has a stage of its own. */
export function faults(declare: (faults: Faults) => void): void {
  beforeAll(async () => {
    program = await buildPwt();
  });
  afterEach(async () => {
    outputs = stage?.outputs() ?? '';
    await stage?.dispose();
    stage = undefined;
  }, PATIENCE);
  describe.each(Array.from({ length: TRIALS }, (_, index) => index + 1))('trial %i', () => {
    const one = (name: string, body: Fault) =>
      it(
        name,
        ({ skip, onTestFailed }) => {
          onTestFailed(() => console.log(outputs));
          needsRedis(skip);
          return body(skip);
        },
        PATIENCE,
      );
    declare({ sample: one, further: PROOF ? one : it.skip });
  });
  it('printed how many trials there were', () => {
    console.log(`${trials} trials of faults: nothing lost, nothing landed twice, the same outcome`);
  });
}
