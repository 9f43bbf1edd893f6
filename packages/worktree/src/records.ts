import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CommitId,
  hasCode,
  isPwtError,
  PwtError,
  privateModes,
  type SetupReport,
  type Workspace,
} from '@pwt/core';
import type { HiddenFiles } from './hidden-files.js';
import type { VisibleFiles } from './visible-files.js';

/** The name of the provider in every workspace that it makes. */
export const PROVIDER_NAME = 'git-worktree';

/** What the provider knows about a worktree it makes or has made. */
export interface WorktreeRecord {
  readonly v: 1;
  readonly workspace: Workspace;
  /**
   * `creating`: reserved; what exists of it is not in use yet. `parked`: idle. A scratch checkout is kept to be used
   * again, a task's worktree until its task is dispatched: no agent has been in it.
   */
  readonly state: 'creating' | 'ready' | 'parked';
  /** Also written into the worktree's own git directory: the proof that what is found there is ours. */
  readonly mark: string;
  /** What the setup command has edited behind flags that hide it. */
  readonly hidden?: HiddenFiles;
  /** Of a parked worktree of a task: what the setup command has left that git shows. */
  readonly visible?: VisibleFiles;
  /** Of a parked worktree of a task: how the setup command went. */
  readonly setup?: SetupReport;
  /** While a parked worktree is moved to another base: where its branch was before. */
  readonly movedFrom?: CommitId;
  /** While the work of a task is brought onto another base: nobody else works in the worktree. */
  readonly moving?: MoveStep;
  /** The merge that was left in the worktree, for somebody to finish. */
  readonly merging?: PreparedMerge;
}

/** A merge into the worktree of a task: `head` is where its work was, `onto` what is merged into it. By full id. */
export interface PreparedMerge {
  readonly head: CommitId;
  readonly onto: CommitId;
  /** The files that were joined line by line, if there are any. */
  readonly lists?: readonly string[];
}

/** From one state of a worktree to another: `to` is the tree whose files it gets. */
export interface MoveStep extends PreparedMerge {
  readonly to: string;
}

/** A record that does not count yet. It is to be applied or discarded. */
export interface RecordDraft {
  apply(): Promise<void>;
  discard(): Promise<void>;
}

/** The records: one JSON file each, which is replaced atomically and flushed to disk. */
export class WorktreeRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(id: string): Promise<WorktreeRecord | undefined> {
    try {
      return this.#parse(id, await readFile(this.#file(id), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * All records, or those of one run, in the order of their ids. A record that can't be read is left out;
   * {@link damaged} names it.
   */
  async list(runId?: string): Promise<WorktreeRecord[]> {
    const { records } = await this.#readAll(await this.ids(runId));
    return records.filter(({ workspace }) => runId === undefined || workspace.runId === runId);
  }

  /** `PWT_WORKTREE_RECORD_UNREADABLE` for each that can't be read, with the file as its place. */
  async damaged(): Promise<PwtError[]> {
    return (await this.#readAll(await this.ids())).damaged;
  }

  /**
   * The ids of all records that begin like those of a run, sorted; no record is read. Those of a run whose id goes on
   * with a dot are among them.
   *
   * @param begin of what follows the run's id: `@` for its scratch checkouts
   */
  async ids(runId?: string, begin = ''): Promise<string[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
    return ids.filter((id) => runId === undefined || id.startsWith(`${runId}.${begin}`)).sort();
  }

  /** The scratch checkouts of a run. No record of a task is read. */
  async scratch(runId: string): Promise<WorktreeRecord[]> {
    const { records } = await this.#readAll(await this.ids(runId, '@'));
    return records.filter(({ workspace }) => workspace.runId === runId && workspace.kind === 'scratch');
  }

  async #readAll(ids: readonly string[]): Promise<{ records: WorktreeRecord[]; damaged: PwtError[] }> {
    const found = await Promise.all(ids.map((id) => this.read(id).catch(onlyDamage)));
    return {
      records: found.flatMap((record) => (record === undefined || isPwtError(record) ? [] : [record])),
      damaged: found.filter(isPwtError),
    };
  }

  async write(record: WorktreeRecord): Promise<void> {
    const draft = await this.draft(record);
    await draft.apply();
  }

  /** Writes a record durably beside the one that counts, for a caller that still looks whether it is true. */
  async draft(record: WorktreeRecord): Promise<RecordDraft> {
    await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
    const file = this.#file(record.workspace.id);
    const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    const discard = () => rm(draft, { force: true });
    const orDiscard = async (action: () => Promise<void>): Promise<void> => {
      try {
        await action();
      } catch (error) {
        await discard();
        throw error;
      }
    };
    await orDiscard(async () => {
      const handle = await open(draft, 'wx', privateModes.file);
      try {
        await handle.writeFile(`${JSON.stringify(record, null, 2)}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
    return { apply: () => orDiscard(() => rename(draft, file)), discard };
  }

  async delete(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #parse(id: string, text: string): WorktreeRecord {
    try {
      const record = JSON.parse(text) as WorktreeRecord;
      if (record.v === 1 && record.workspace.id === id && typeof record.mark === 'string') return record;
    } catch {
      // Falls through: for the caller, damaged JSON and an unknown format are the same.
    }
    throw new PwtError('PWT_WORKTREE_RECORD_UNREADABLE', `${this.#file(id)} is damaged or of a newer pwt.`, {
      hint: 'pwt leaves that worktree alone: git worktree list shows it. To move the record aside: pwt doctor --fix',
      place: { path: this.#file(id) },
    });
  }
}

/** The branches of the worktrees that the provider has made, without `refs/heads/`. */
export async function recordedBranches(stateDir: string): Promise<string[]> {
  const records = await recordsIn(stateDir).list();
  const made = records.filter(({ state }) => state !== 'creating');
  return made.flatMap(({ workspace: { branch } }) => branch ?? []);
}

/** The records in pwt's state directory. */
export function recordsIn(stateDir: string): WorktreeRecords {
  return new WorktreeRecords(join(stateDir, 'worktrees'));
}

function onlyDamage(error: unknown): PwtError {
  if (hasCode(error, 'PWT_WORKTREE_RECORD_UNREADABLE')) return error;
  throw error;
}
