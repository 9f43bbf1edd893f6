import { createHash } from 'node:crypto';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes, throwIfAborted } from '@pwt/core';
import { writeWhole } from '../attempt/durable-file.js';

/** An agent as it sets itself up: its program, in one version, on one home. */
export interface Installation {
  readonly agent: string;
  /** Absolute. */
  readonly program: string;
  readonly home: string;
}

/** The agent that goes first, as it has been started. */
export interface FirstRun {
  /** What it prints first goes there. */
  readonly stdout: string;
  /** Settles when it has ended. */
  readonly exited: Promise<unknown>;
}

const POLL_MS = 100;
/** An agent that prints nothing for so long keeps the others waiting no longer. */
const MAX_WAIT_MS = 120_000;

/**
 * Lets the first agent on a home start alone, until it has printed something: many agents make or migrate a database at
 * their first start, and two of them at once kill one another. That it has worked is remembered, so that all others
 * start at once.
 */
export class FirstStarts {
  readonly #folder: string | undefined;
  readonly #warm = new Set<string>();
  /** Those that have the home to themselves. */
  readonly #alone = new Map<string, Promise<void>>();

  /** @param folder where it is remembered; absolute. Without one, for this object's life only */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * Waits for its turn and starts the agent.
   *
   * @param start is told whether it has waited
   */
  async start<T>(
    installation: Installation,
    abortSignal: AbortSignal | undefined,
    start: (hasWaited: boolean) => Promise<{ readonly run: T; readonly first: FirstRun }>,
  ): Promise<T> {
    const key = await keyOf(installation);
    let hasWaited = false;
    while (!(await this.#isWarm(key))) {
      const other = this.#alone.get(key);
      if (other === undefined) return this.#first(key, installation, () => start(hasWaited));
      hasWaited = true;
      await orAborted(other, abortSignal);
    }
    return (await start(hasWaited)).run;
  }

  async #first<T>(
    key: string,
    installation: Installation,
    start: () => Promise<{ readonly run: T; readonly first: FirstRun }>,
  ): Promise<T> {
    let release: () => void = () => undefined;
    const alone = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#alone.set(key, alone);
    const end = () => {
      this.#alone.delete(key);
      release();
    };
    try {
      const { run, first } = await start();
      void hasPrinted(first)
        .then((printed) => (printed ? this.#remember(key, installation) : undefined))
        .then(end, end);
      return run;
    } catch (error) {
      end();
      throw error;
    }
  }

  async #isWarm(key: string): Promise<boolean> {
    if (this.#warm.has(key)) return true;
    if (this.#folder === undefined) return false;
    const known = await access(join(this.#folder, key)).then(
      () => true,
      () => false,
    );
    if (known) this.#warm.add(key);
    return known;
  }

  /** If that can't be written, the next run lets one go first again. */
  async #remember(key: string, installation: Installation): Promise<void> {
    this.#warm.add(key);
    if (this.#folder === undefined) return;
    await mkdir(this.#folder, { recursive: true, mode: privateModes.folder });
    await writeWhole(join(this.#folder, key), `${JSON.stringify(installation)}\n`);
  }
}

/** Another version may migrate again, so the program's file counts. */
async function keyOf({ agent, program, home }: Installation): Promise<string> {
  const real = await realpath(program).catch(() => program);
  const { mtimeMs = 0, size = 0 } = (await stat(real).catch(() => undefined)) ?? {};
  return createHash('sha256')
    .update([agent, real, mtimeMs, size, home].join('\0'))
    .digest('hex')
    .slice(0, 32);
}

async function hasPrinted({ stdout, exited }: FirstRun): Promise<boolean> {
  let ended = false;
  void exited.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  const until = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const isOver = ended || performance.now() >= until;
    const { size = 0 } = (await stat(stdout).catch(() => undefined)) ?? {};
    if (size > 0) return true;
    if (isOver) return false;
    // Keeps the process alive: another agent may wait for this alone.
    await new Promise<void>((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}

/** @throws the signal's error */
async function orAborted(waited: Promise<void>, abortSignal: AbortSignal | undefined): Promise<void> {
  throwIfAborted(abortSignal);
  if (abortSignal === undefined) return waited;
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    abortSignal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([waited, aborted]);
  abortSignal.removeEventListener('abort', stop);
  throwIfAborted(abortSignal);
}
