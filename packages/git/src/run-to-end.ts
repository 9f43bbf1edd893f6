import { spawn } from 'node:child_process';

/** What a program is started with. */
export interface RunToEndRequest {
  readonly cwd: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it leads a session of its own. */
  readonly detached: boolean;
  /** Standard input; without it, standard input is empty. */
  readonly input?: string | Uint8Array | undefined;
  /** More than this on one of its outputs ends it with TERM. In bytes. */
  readonly maxOutputBytes: number;
  /**
   * Gets the process as soon as there is one.
   *
   * @returns called when it has ended and its output is read
   */
  readonly onStart?: ((child: ReturnType<typeof spawn>) => () => void) | undefined;
}

/** How a program has ended. A failure is a value here. */
export interface ProgramEnd {
  /** `null` if a signal ended it, or if it could not be started. */
  readonly exitCode: number | null;
  /** What ended it; absent if it exited, or could not be started. */
  readonly signal?: NodeJS.Signals;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it could not be started. */
  readonly cause?: NodeJS.ErrnoException;
}

/**
 * Runs a program to its end and reads all of its output. Node's own `spawn`, for speed: a library for it costs more at the first
 * command than git itself.
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  request: RunToEndRequest,
): Promise<ProgramEnd> {
  const { cwd, env, detached, input, maxOutputBytes, onStart } = request;
  return new Promise((resolve) => {
    const notStarted = (cause: NodeJS.ErrnoException) =>
      resolve({ exitCode: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), cause });
    try {
      const stdin = input === undefined ? 'ignore' : 'pipe';
      const child = spawn(program, args, { cwd, env, detached, stdio: [stdin, 'pipe', 'pipe'] });
      const forget = onStart?.(child);
      const [stdout, stderr] = [child.stdout, child.stderr].map((output) => {
        const chunks: Buffer[] = [];
        let length = 0;
        output?.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > maxOutputBytes) child.kill();
          else chunks.push(chunk);
        });
        return chunks;
      });
      // Node says it by an error and, where it has the pipes already, by a close as well: the first counts.
      child.on('error', (error) => {
        if (child.pid !== undefined) return;
        forget?.();
        notStarted(error);
      });
      child.on('close', (exitCode, signal) => {
        forget?.();
        const outputs = { stdout: Buffer.concat(stdout ?? []), stderr: Buffer.concat(stderr ?? []) };
        resolve({ ...outputs, exitCode, ...(signal === null ? {} : { signal }) });
      });
      // A program may end without having read all: its exit code says whether that is well.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    } catch (error) {
      // An argument that no program can get, or too many of them.
      notStarted(error as NodeJS.ErrnoException);
    }
  });
}
