import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KnownVerdicts, TestedTree, VerdictStore } from '@pwt/coordinator';
import { privateModes, type Verdict } from '@pwt/core';

/** Lines that stay when the file is shortened: the newest ones. A line has a few kilobytes at most. */
const MOST_LINES = 2000;
/** Larger files are not worth reading. */
const MOST_CHARACTERS = 64_000_000;

export interface FileVerdictStoreOptions {
  /** Absolute; made with the first verdict. Safe to delete. */
  readonly file: string;
}

/** One line of the file. Without `tree`: every verdict above it with this fingerprint is forgotten. */
interface Entry {
  readonly fingerprint: string;
  readonly tree?: string;
  readonly verdict?: Verdict;
}

/**
 * Verdicts in a file, one JSON object a line, the newest last. Read when it is first asked for.
 *
 * A verdict is added by one write at the end of the file, so two processes that add at the same time lose nothing. A line that
 * a crash has cut off is skipped, and so is any other that can't be read. When the file has twice as many lines as are kept,
 * it is replaced by a shorter one, whole; a line that another process adds in that instant may be lost.
 */
export class FileVerdictStore implements VerdictStore {
  readonly #file: string;
  #known: Promise<Map<string, KnownVerdicts>> | undefined;

  constructor({ file }: FileVerdictStoreOptions) {
    this.#file = file;
  }

  async recall(tested: TestedTree): Promise<KnownVerdicts | undefined> {
    return (await this.#load()).get(keyOf(tested));
  }

  async record(tested: TestedTree, verdict: Verdict): Promise<void> {
    if (verdict.status !== 'green' && verdict.status !== 'red') return;
    await this.#add({ ...tested, verdict });
  }

  async forget(fingerprint: string): Promise<void> {
    await this.#add({ fingerprint });
  }

  async #add(entry: Entry): Promise<void> {
    apply(await this.#load(), entry);
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: privateModes.folder });
      // The first newline ends what a crash may have cut off.
      await appendFile(this.#file, `\n${JSON.stringify(entry)}\n`, { mode: privateModes.file });
    } catch {
      // A full disk: the next run tests the tree again.
    }
  }

  #load(): Promise<Map<string, KnownVerdicts>> {
    this.#known ??= this.#read();
    return this.#known;
  }

  async #read(): Promise<Map<string, KnownVerdicts>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const lines = text.length > MOST_CHARACTERS ? [] : text.split('\n').filter((line) => line !== '');
    const known = new Map<string, KnownVerdicts>();
    for (const line of lines) {
      const entry = readEntry(line);
      if (entry !== undefined) apply(known, entry);
    }
    if (lines.length > 2 * MOST_LINES || text.length > MOST_CHARACTERS) await this.#replace(lines);
    return known;
  }

  async #replace(lines: readonly string[]): Promise<void> {
    const draft = `${this.#file}.${process.pid}`;
    try {
      await writeFile(draft, `${lines.slice(-MOST_LINES).join('\n')}\n`, { mode: privateModes.file });
      await rename(draft, this.#file);
    } catch {
      // It is shortened the next time.
    }
  }
}

function apply(known: Map<string, KnownVerdicts>, { fingerprint, tree, verdict }: Entry): void {
  if (tree === undefined || verdict === undefined) {
    for (const key of known.keys()) if (key.startsWith(`${fingerprint} `)) known.delete(key);
    return;
  }
  const key = keyOf({ tree, fingerprint });
  const { green, red } = known.get(key) ?? { green: 0, red: 0 };
  const isGreen = verdict.status === 'green';
  known.set(key, { green: green + (isGreen ? 1 : 0), red: red + (isGreen ? 0 : 1), last: verdict });
}

function keyOf({ tree, fingerprint }: TestedTree): string {
  return `${fingerprint} ${tree}`;
}

/** `undefined` for a line that is no entry: damaged, or of another version of pwt. */
function readEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null;
    if (typeof entry?.fingerprint !== 'string') return undefined;
    const { fingerprint, tree, verdict } = entry;
    if (tree === undefined && verdict === undefined) return { fingerprint };
    const isWhole = typeof tree === 'string' && (verdict?.status === 'green' || verdict?.status === 'red');
    return isWhole ? { fingerprint, tree, verdict } : undefined;
  } catch {
    return undefined;
  }
}
