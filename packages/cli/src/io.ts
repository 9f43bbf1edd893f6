import { guarded } from './format/guarded.js';
import { printableJson } from './format/printable.js';

/** Everything a command may touch of the process around it; replaced in tests. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** The command line that has started this program. Absolute. */
  readonly pwt?: readonly string[];
  /** Calls back at every SIGINT or SIGTERM until the returned function is called. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

/** The process pwt was started as. A reader that has gone away (`pwt logs | head`) is no reason to fail. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const [, script] = process.argv;
  const started = script === undefined ? {} : { pwt: [process.execPath, script] };
  const streams = { stdout: guarded(stdout), stderr: guarded(stderr), stdin };
  return { cwd: currentFolder(env), env, ...streams, onSignal, ...started };
}

/** Where the shell says that it is, if that folder has been deleted: then it can at least be named. */
function currentFolder({ PWD }: NodeJS.ProcessEnv): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Nothing of pwt depends on it, but libraries ask for it.
    process.chdir('/');
    return PWD ?? '/';
  }
}

function onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}

/** Prints one line. */
export function printLine(io: Pick<Io, 'stdout'>, line = ''): void {
  io.stdout.write(`${line}\n`);
}

/** Prints one line of JSON. */
export function printJson(io: Pick<Io, 'stdout'>, value: unknown): void {
  io.stdout.write(`${printableJson(value)}\n`);
}
