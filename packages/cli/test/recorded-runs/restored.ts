import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Outcome, parseLines, Workbench } from '../support/pwt.js';
import { withPaths } from './placeholders.js';
import { unpack } from './unpack.js';

/** An event as it is in a log. */
interface LoggedEvent {
  readonly type: string;
  readonly taskId?: string;
  readonly [key: string]: unknown;
}

/** What `pwt status --json` says, without what was measured on the machine. */
export interface Status {
  readonly run: { readonly runId: string; readonly status: string };
  readonly tasks: readonly { readonly taskId: string; readonly status: string; readonly reason?: string }[];
  readonly next: readonly { readonly command: string }[];
}

/** A recorded run in a folder of its own, and the present program to go on with it. */
export class Restored {
  readonly bench: Workbench;
  readonly #folder: string;

  private constructor(bench: Workbench, folder: string) {
    this.bench = bench;
    this.#folder = folder;
  }

  /** @param recording `<format>/<situation>` */
  static async create(program: string, recording: string): Promise<Restored> {
    const folder = fileURLToPath(new URL(recording, import.meta.url));
    const bench = await Workbench.create(program);
    await unpack(folder, bench.repository.parent);
    return new Restored(bench, folder);
  }

  /** What the recorded version said of the run. */
  async statusBefore(): Promise<Status> {
    const text = await readFile(join(this.#folder, 'status.txt'), 'utf8');
    return statusIn(withPaths(text, this.bench.repository.parent));
  }

  async status(): Promise<Status> {
    return statusIn((await this.pwt(['status', '--json'])).stdout);
  }

  /** The status of each task. */
  async statuses(): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries((await this.status()).tasks.map(({ taskId, status }) => [taskId, status]));
  }

  pwt(args: readonly string[]): Promise<Outcome> {
    return this.bench.pwt(args);
  }

  /** Goes on with the run. Returns the statuses with which it says that it has ended. */
  async goOn(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { stdout, stderr } = await this.pwt([...args, '--json']);
    if (stdout === '') throw new Error(stderr);
    const { tasks } = (parseLines(stdout).at(-1) ?? {}) as Partial<Status>;
    if (tasks === undefined) throw new Error(stdout);
    return Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
  }

  async events(): Promise<readonly LoggedEvent[]> {
    const runs = join(this.bench.repository.path, '.git/pwt/runs');
    const [runId = ''] = await readdir(runs);
    const log = await readFile(join(runs, runId, 'journal.jsonl'), 'utf8');
    return parseLines(log) as LoggedEvent[];
  }

  async eventsOf(type: string): Promise<readonly LoggedEvent[]> {
    return (await this.events()).filter((event) => event.type === type);
  }

  git(...args: readonly string[]): Promise<string> {
    return this.bench.repository.git(...args);
  }

  /** The target is where the run has landed last, and where it has landed the gate was green. */
  async expectLandedIsTested(): Promise<void> {
    const green = (await this.eventsOf('gate-finished'))
      .filter(({ verdict }) => (verdict as { status: string }).status === 'green')
      .map(({ commit }) => commit);
    const landed = (await this.eventsOf('landed')).map(({ to }) => to);
    expect(green).toEqual(expect.arrayContaining([...landed]));
    expect(landed.at(-1)).toBe(await this.git('rev-parse', 'main'));
  }

  /** The work of every task is below a ref, and so is every snapshot that holds anything. */
  async expectNothingLost(): Promise<void> {
    const work = commitsOf(await this.eventsOf('work-collected'));
    const snapshots = commitsOf(await this.eventsOf('snapshot-taken'));
    for (const commit of [...work, ...snapshots]) {
      if ((await this.git('for-each-ref', '--contains', commit)) !== '') continue;
      expect(snapshots).toContain(commit);
      expect(await this.git('stash', 'show', '--include-untracked', '--name-only', commit)).toBe('');
    }
  }

  dispose(): Promise<void> {
    return this.bench.dispose();
  }
}

function statusIn(json: string): Status {
  const { resources: _resources, disk: _disk, ...rest } = JSON.parse(json);
  return rest;
}

function commitsOf(events: readonly LoggedEvent[]): readonly string[] {
  return events.map(({ commit }) => String(commit));
}
