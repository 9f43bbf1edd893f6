import { Readable, Writable } from 'node:stream';
import { guarded } from '../../src/format/guarded.js';
import { main } from '../../src/main.js';
import { readVersion } from '../../src/version.js';
import type { Outcome } from './pwt.js';

/** Where a command runs, and the program that it may start again. */
interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly program: string;
}

/** Runs a command line as `bin.ts` does, without a process of its own. */
export async function pwtHere(
  args: readonly string[],
  { cwd, env, program }: Surroundings,
): Promise<Outcome> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const streams = { stdout: guarded(stdout), stderr: guarded(stderr), stdin: Readable.from([]) };
  const pwt = [process.execPath, program];
  const exitCode = await main(
    { cwd, env, pwt, ...streams, onSignal: () => () => undefined },
    readVersion(),
    args,
  );
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** A stream that keeps what is written to it. */
class Kept extends Writable {
  text = '';

  override write(chunk: string | Uint8Array): boolean {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  }
}
