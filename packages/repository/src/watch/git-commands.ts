import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';

/** A git command of an agent that may change something, as git itself has told of it. */
export interface GitCommand {
  /** What it is called: `checkout`; below another one, `push/receive-pack`. */
  readonly name: string;
  /** The arguments of the command that the agent has run, `git` left out. */
  readonly args: readonly string[];
  /** The top of the working tree that it worked in; `undefined` while that is not told. */
  readonly worktree: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** `undefined` while it runs. */
  readonly endedAt: number | undefined;
  readonly exitCode: number | undefined;
}

type Told = { -readonly [K in keyof GitCommand]: GitCommand[K] };

/** Commands that only look. Any other is kept. */
const LOOKS = new Set(
  [
    'annotate blame cat-file check-attr check-ignore check-ref-format cherry count-objects describe diff',
    'diff-files diff-index diff-tree for-each-ref fsck grep help hash-object log ls-files ls-remote ls-tree',
    'merge-base name-rev range-diff rev-list rev-parse shortlog show show-branch show-ref status var verify-pack version',
    'whatchanged pack-objects unpack-objects index-pack maintenance gc',
  ].flatMap((line) => line.split(' ')),
);

/** So many commands of one agent are remembered. */
const MOST = 400;

/** So much is read at once, and a file that has grown beyond it was not written by git alone. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The git commands of one agent, from the file to which its git tells them. What stands there is what the agent's processes
 * have written: it may be cut, wrong or missing, and says nothing about other agents.
 */
export class GitTrace {
  readonly #file: string;
  #position = 0;
  #partial = '';
  #isThere = false;
  readonly #open = new Map<string, Told>();
  readonly #kept: Told[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** The file is there: the agent was started so that its git tells. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Oldest first. */
  get commands(): readonly GitCommand[] {
    return this.#kept;
  }

  /** Reads what was added, and returns the commands that were changed by it. */
  async read(): Promise<GitCommand[]> {
    const touched = new Set<Told>();
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size;
    this.#isThere = size !== undefined;
    if (size === undefined || size === this.#position) return [];
    const file = await openIfThere(this.#file);
    if (file === undefined) return [];
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, this.#position);
        if (bytesRead === 0) break;
        this.#position += bytesRead;
        const lines = (this.#partial + buffer.toString('utf8', 0, bytesRead)).split('\n');
        this.#partial = (lines.pop() ?? '').slice(0, CHUNK_BYTES);
        for (const line of lines) this.#take(line, touched);
      }
    } finally {
      await file.close();
    }
    return [...touched].filter((command) => this.#kept.includes(command));
  }

  #take(line: string, touched: Set<Told>): void {
    if (!/^\{"event":"(version|start|def_repo|cmd_name|atexit)"/.test(line)) return;
    const told = parse(line);
    const { event, sid } = told;
    if (typeof sid !== 'string') return;
    if (event === 'version') {
      const startedAt = Date.parse(String(told.time));
      if (Number.isNaN(startedAt)) return;
      const nothing = { worktree: undefined, endedAt: undefined, exitCode: undefined };
      this.#open.set(sid, { name: '', args: [], startedAt, ...nothing });
      if (this.#open.size > MOST) this.#open.delete(this.#open.keys().next().value ?? '');
      return;
    }
    const command = this.#open.get(sid);
    if (command === undefined) return;
    touched.add(command);
    if (event === 'start' && Array.isArray(told.argv)) command.args = told.argv.slice(1, 200).map(String);
    if (event === 'def_repo' && typeof told.worktree === 'string' && isAbsolute(told.worktree))
      command.worktree = normalize(told.worktree);
    if (event === 'cmd_name' && typeof told.hierarchy === 'string') this.#name(command, told.hierarchy);
    if (event === 'atexit') {
      command.endedAt = Date.parse(String(told.time)) || command.startedAt;
      command.exitCode = Number(told.code);
      this.#open.delete(sid);
    }
  }

  #name(command: Told, hierarchy: string): void {
    command.name = hierarchy;
    const own = hierarchy.slice(hierarchy.lastIndexOf('/') + 1);
    if (LOOKS.has(own) || this.#kept.includes(command)) return;
    this.#kept.push(command);
    if (this.#kept.length > MOST) this.#kept.shift();
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Cut, or not from git.
    return {};
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
