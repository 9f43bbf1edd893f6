import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bundle } from './bundle.js';

/** `pwt-worker`, bundled from the sources. */
export interface WorkerProgram {
  readonly file: string;
  dispose(): void;
}

export async function bundleWorker(): Promise<WorkerProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-worker-'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "version": "1.2.3"}');
  const file = join(folder, 'pwt-worker.js');
  await bundle({ entry: join(import.meta.dirname, '../src/bin.ts'), outfile: file, format: 'esm' });
  return { file, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A worker that is a process of its own. */
export class WorkerProcess {
  readonly #process: ChildProcess;
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
  #output = '';

  constructor(
    program: WorkerProgram,
    argv: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.#process = spawn(process.execPath, [program.file, ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
      });
    this.exited = new Promise((resolve) =>
      this.#process.once('exit', (code, signal) => resolve([code, signal])),
    );
    onTestFinished(async () => {
      this.#process.kill('SIGCONT');
      this.#process.kill('SIGKILL');
      await this.exited;
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Ends when it has said so, since the beginning. */
  async says(text: string | RegExp): Promise<void> {
    const hasSaid = () => (typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output));
    while (!hasSaid()) {
      const more = [this.#process.stdout, this.#process.stderr].map(
        (stream) => stream && once(stream, 'data'),
      );
      const ended = await Promise.race([...more, this.exited.then(() => 'ended' as const)]);
      if (ended === 'ended' && !hasSaid())
        throw new Error(`the worker has ended without saying ${text}: ${this.#output}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}
