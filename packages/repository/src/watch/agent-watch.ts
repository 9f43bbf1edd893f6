import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type FollowedAgent, GIT_TRACE_FILE } from '@pwt/core';
import type { SeenProcess, WorkDone } from '@pwt/process';
import { GitTrace } from './git-commands.js';
import type { Span } from './suspects.js';

/** So many spans and visits of an agent are remembered. */
const MOST = 80;

/** So much of what its output has grown by is searched for paths: the end of it. */
const OUTPUT_BYTES = 256 * 1024;

/** What makes it likelier, and for how long before a write it does. */
const NAMED = 50;
const NAMED_MS = 15_000;
const THERE = 8;
const THERE_MS = 3000;

/** An agent has named a place that is not its own, or a process of it was started there. */
interface Visit {
  /** The top of a working tree. */
  readonly place: string;
  /** What was named in it, relative; empty for the place itself. */
  readonly path: string;
  readonly at: number;
}

/** What is known of one agent: its git commands, its processes, its output. */
export class AgentWatch {
  readonly agent: FollowedAgent;
  readonly trace: GitTrace;
  readonly spans: Span[] = [];
  /** The top of its worktree, links resolved; `undefined` before that is known. */
  top: string | undefined;
  /** When it was last among those that run; until then, it is `undefined`. */
  endedAt: number | undefined;
  /** Sizes of what was written in its own workspace lately, by path. */
  readonly own: Map<string, { readonly at: number; readonly size: number }> = new Map();
  readonly #visits: Visit[] = [];
  readonly #sizes = new Map<string, number>();
  #traceSize = 0;
  #lookedAt: number;

  constructor(agent: FollowedAgent, now: number) {
    this.agent = agent;
    this.trace = new GitTrace(join(agent.stateDir, GIT_TRACE_FILE));
    this.#lookedAt = now;
  }

  get taskId(): string {
    return this.agent.taskId;
  }

  /** Finds the files that the agent's output goes to, so that what it prints does not count as work elsewhere. */
  async begin(): Promise<void> {
    const names = await readdir(this.agent.stateDir).catch((): string[] => []);
    for (const name of names.filter((name) => name.endsWith('.log'))) {
      const file = join(this.agent.stateDir, name);
      this.#sizes.set(file, sizeOf(file));
    }
    this.#traceSize = sizeOf(this.#traceFile);
  }

  /**
   * Takes in what its processes have done since the last look.
   *
   * @param places the tops of working trees that are not its own
   * @returns true if its git has told something new
   */
  worked(done: WorkDone, places: readonly string[], now: number): boolean {
    const { asleep, lost } = done;
    let printed = 0;
    let traced = false;
    if (!asleep) {
      for (const [file, before] of this.#sizes) {
        const size = sizeOf(file);
        this.#sizes.set(file, size);
        if (size > before) this.#search(file, before, size, places, now);
        printed += Math.max(0, size - before);
      }
      const size = sizeOf(this.#traceFile);
      traced = size !== this.#traceSize;
      this.#traceSize = size;
    }
    const written = Math.max(0, done.written - printed);
    this.spans.push({ from: this.#lookedAt, to: now, asleep, lost, written });
    this.#lookedAt = now;
    if (this.spans.length > MOST) this.spans.shift();
    return traced;
  }

  saw(process: SeenProcess, places: readonly string[], now: number): void {
    for (const place of places) {
      if (process.cwd === place || process.cwd?.startsWith(`${place}/`) === true)
        this.#visit({ place, path: '', at: now });
      for (const text of process.args) this.#find(text, place, now);
    }
  }

  /**
   * How much more likely it is that this agent wrote a file, because its output or the arguments of a process named it, or
   * because a process of it was started there; 1 if not. To name a file is not to write it, and others read, too.
   */
  nearness(place: string, path: string, at: number): number {
    const visits = this.#visits.filter((visit) => visit.place === place);
    if (visits.some((visit) => visit.path === path && at - visit.at <= NAMED_MS)) return NAMED;
    return visits.some((visit) => visit.path === '' && at - visit.at <= THERE_MS) ? THERE : 1;
  }

  wrote(path: string, at: number, size: number): void {
    this.own.set(path, { at, size });
    if (this.own.size > MOST) this.own.delete(this.own.keys().next().value ?? '');
  }

  #search(file: string, before: number, size: number, places: readonly string[], now: number): void {
    const start = Math.max(before, size - OUTPUT_BYTES);
    const text = readPart(file, start, size - start);
    for (const place of places) this.#find(text, place, now);
  }

  /** Finds `place/path` and `../name/path` in a text. */
  #find(text: string, place: string, at: number): void {
    for (const start of [place, `../${basename(place)}`]) {
      for (let found = text.indexOf(start); found !== -1; found = text.indexOf(start, found + 1)) {
        const rest = /^(?:\/([^\s"'`\\:;,|<>()[\]{}]*))?(?![\w.-])/.exec(
          text.slice(found + start.length, found + start.length + 1000),
        );
        if (rest !== null) this.#visit({ place, path: rest[1] ?? '', at });
      }
    }
  }

  #visit(visit: Visit): void {
    this.#visits.push(visit);
    if (this.#visits.length > MOST) this.#visits.shift();
  }

  get #traceFile(): string {
    return join(this.agent.stateDir, GIT_TRACE_FILE);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readPart(path: string, start: number, length: number): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, start));
  } finally {
    closeSync(file);
  }
}
