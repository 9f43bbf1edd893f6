import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Timings } from '../src/protocol/timings.js';
import { bundle } from './bundle.js';

/** The program of a worker, bundled from its sources. Gone with `dispose`. */
export class WorkerProgram {
  readonly file: string;

  private constructor(file: string) {
    this.file = file;
  }

  static async bundle(): Promise<WorkerProgram> {
    const folder = mkdtempSync(join(tmpdir(), 'pwt-worker-program-'));
    writeFileSync(join(folder, 'package.json'), '{}');
    const file = join(folder, 'worker.cjs');
    await bundle({
      entry: {
        resolveDir: import.meta.dirname,
        contents: `
          import { runWorkerCommand } from '../src/worker/command/run-command.ts';
          import { workerParts } from '../src/worker/parts.ts';
          runWorkerCommand({
            argv: process.argv.slice(2), program: 'pwt-worker', cwd: process.cwd(), env: process.env, version: '0', parts: workerParts,
            stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text),
            signals: process,
          }).then((code) => { process.exitCode = code; });
        `,
      },
      outfile: file,
      format: 'cjs',
    });
    return new WorkerProgram(file);
  }

  dispose(): void {
    rmSync(dirname(this.file), { recursive: true, force: true });
  }
}

export interface MachineRequest {
  readonly program: WorkerProgram;
  readonly name: string;
  /** Home, state and all else of the machine is in here. Absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** A worker in a process of its own, with a home of its own. */
export class Machine {
  readonly name: string;
  readonly home: string;
  readonly #request: MachineRequest;
  #child: ChildProcess | undefined;
  #output = '';
  #look: () => void = () => undefined;

  private constructor(request: MachineRequest) {
    this.#request = request;
    this.name = request.name;
    this.home = join(request.folder, 'home');
  }

  /** Resolves when the worker takes jobs. */
  static async start(request: MachineRequest): Promise<Machine> {
    const machine = new Machine(request);
    await machine.startAgain();
    return machine;
  }

  get output(): string {
    return this.#output;
  }

  /** With everything that it had. */
  async startAgain(): Promise<void> {
    const { program, env, args, name } = this.#request;
    mkdirSync(this.home, { recursive: true });
    const state = join(this.home, 'state');
    const child = spawn(process.execPath, [program.file, '--name', name, '--state', state, ...args], {
      cwd: this.home,
      env: { ...env, HOME: this.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#look();
      });
    await this.printed(/^ready$/m);
  }

  async printed(pattern: RegExp): Promise<void> {
    const child = this.#child;
    while (!pattern.test(this.#output)) {
      if (child === undefined || child.exitCode !== null)
        throw new Error(`${this.name} has ended and not printed ${pattern}:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#look = resolve;
        child.once('exit', () => resolve());
      });
    }
  }

  /** `kill -9` of the worker; its agents go on. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends the worker and its agents. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    // Two signals at once would be one.
    await Promise.race([gone, this.printed(/drains/)]);
    child.kill('SIGTERM');
    await gone;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/** The flags for timings that tests use. */
export function timingFlags({ presenceMs, lockMs, snapshotMs }: Timings): readonly string[] {
  const seconds = (ms: number) => String(ms / 1000);
  return [
    ...['--heartbeat', seconds(presenceMs), '--lock', seconds(lockMs)],
    ...['--snapshot', seconds(snapshotMs)],
  ];
}
