import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';
import { gitFailure } from '../failure.js';
import type { Git } from '../git.js';

/** Takes one answer off the start of what a command has printed; `null` while it is not complete. */
export type TakeAnswer<A> = (printed: Buffer) => { readonly answer: A; readonly length: number } | null;

interface Question<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a command without a question is kept. */
const IDLE_MS = 10_000;

/**
 * A git command that answers questions one after the other, such as `git cat-file --batch`: one process for many of
 * them. It is started with the first question, or before it, ended when there has been none for ten seconds, and started again with
 * the next. It keeps no program alive: it ends with its standard input.
 */
export class Session<A> {
  readonly #git: Git;
  readonly #args: readonly string[];
  readonly #take: TakeAnswer<A>;
  #running: Promise<Running<A>> | undefined;

  constructor(git: Git, args: readonly string[], take: TakeAnswer<A>) {
    this.#git = git;
    this.#args = args;
    this.#take = take;
  }

  /** @throws PWT_GIT_FAILED if the command ends instead of answering */
  async ask(question: string): Promise<A> {
    this.#running ??= this.#start();
    return (await this.#running).ask(question);
  }

  /** Starts it before the first question, which then waits for no start. */
  begin(): void {
    this.#running ??= this.#start();
    this.#running.catch(() => undefined);
  }

  #start(): Promise<Running<A>> {
    const forget = () => {
      if (this.#running === started) this.#running = undefined;
    };
    const started = this.#git.start(this.#args).then((child) => {
      const failure = (exitCode: number | null, signal: string | null, stderr: string) =>
        gitFailure({ args: this.#args, cwd: this.#git.cwd, exitCode, signal: signal ?? undefined, stderr });
      return new Running(child, this.#take, failure, forget);
    });
    started.catch(forget);
    return started;
  }
}

/** One process, and the questions that it has not answered yet. */
class Running<A> {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #take: TakeAnswer<A>;
  readonly #onEnding: () => void;
  readonly #open: Question<A>[] = [];
  #printed: Buffer[] = [];
  #idle: NodeJS.Timeout | undefined;
  /** Set when the process has ended. */
  #end: Error | undefined;

  /** @param onEnding called when it takes no more questions */
  constructor(
    child: ChildProcessWithoutNullStreams,
    take: TakeAnswer<A>,
    failure: (exitCode: number | null, signal: string | null, stderr: string) => Error,
    onEnding: () => void,
  ) {
    this.#child = child;
    this.#take = take;
    this.#onEnding = onEnding;
    this.#rest();
    const errors: Buffer[] = [];
    // What was asked of a command that has ended is answered by its end.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    const ended = (exitCode: number | null, signal: string | null) => {
      onEnding();
      this.#end ??= failure(exitCode, signal, Buffer.concat(errors).toString('utf8'));
      for (const { reject } of this.#open.splice(0)) reject(this.#end);
    };
    child.on('close', ended);
    child.on('error', () => ended(null, null));
  }

  ask(question: string): Promise<A> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise<A>((resolve, reject) => {
      if (this.#open.push({ resolve, reject }) === 1) this.#hold(true);
      clearTimeout(this.#idle);
      this.#child.stdin.write(question);
    });
  }

  #read(chunk: Buffer): void {
    this.#printed.push(chunk);
    let rest = this.#printed.length === 1 ? chunk : Buffer.concat(this.#printed);
    for (let next = this.#next(rest); next !== null; next = this.#next(rest)) {
      rest = rest.subarray(next.length);
      this.#open.shift()?.resolve(next.answer);
    }
    this.#printed = rest.length === 0 ? [] : [rest];
    if (this.#open.length > 0) return;
    this.#rest();
  }

  /** Waits for a question, and ends if none comes. */
  #rest(): void {
    this.#hold(false);
    this.#idle = setTimeout(() => {
      this.#onEnding();
      this.#child.stdin.end();
    }, IDLE_MS).unref();
  }

  #next(rest: Buffer): ReturnType<TakeAnswer<A>> {
    return rest.length === 0 || this.#open.length === 0 ? null : this.#take(rest);
  }

  /** Whether the program waits for this process. */
  #hold(isHeld: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const part of [this.#child, stdin, stdout, stderr] as unknown as Socket[]) {
      if (isHeld) part.ref();
      else part.unref();
    }
  }
}
