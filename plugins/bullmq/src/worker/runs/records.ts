import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentExit, type CommitId, privateModes, type Workspace } from '@pwt/core';
import type { AttemptKey, RunReport } from '../../protocol/operations.js';
import type { RemoteAgent } from '../../protocol/requirement.js';
import type { WorkerRepository } from '../context.js';

/** Enough to find an agent again after the worker's process was killed. */
export interface RunRecord {
  readonly attempt: AttemptKey & { readonly timeoutMs: number; readonly idleTimeoutMs: number };
  readonly workspace: Workspace;
  readonly agents: readonly RemoteAgent[];
}

/** How an agent has ended, and the commit of its work; on disk before the commit is pushed. */
export interface RunResult {
  readonly exit: AgentExit;
  readonly commit: CommitId;
}

/** What each of the files is of an attempt's directory, beside those of the launcher. */
interface Contents {
  /** Written before the agent starts. */
  readonly run: RunRecord;
  readonly result: RunResult;
  /** The answer to all who ask; the work is on the exchange. */
  readonly report: RunReport;
  /** The attempt is to go on elsewhere: the operator has ended the worker, or the machine was off. */
  readonly left: { readonly at: number; readonly wasOff?: true };
  /** Its workspace was removed: nothing of it starts any more. */
  readonly over: Readonly<Record<string, never>>;
}

/** The notes of one attempt. Each is written once, replaced atomically, and flushed to disk. */
export class RunNotes {
  readonly dir: string;

  /** @param dir the directory of the attempt. Absolute */
  constructor(dir: string) {
    this.dir = dir;
  }

  /** The file of one of them, in the directory. */
  nameOf(name: keyof Contents): string {
    return `worker-${name}.json`;
  }

  /** `undefined` where it was not written, or was damaged by a power cut: then what it says is found out again. */
  async read<K extends keyof Contents>(name: K): Promise<Contents[K] | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(name), 'utf8')) as Contents[K];
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
        return undefined;
      throw error;
    }
  }

  async write<K extends keyof Contents>(name: K, contents: Contents[K]): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: privateModes.folder });
    const file = this.#file(name);
    const draft = `${file}.new`;
    await writeFile(draft, `${JSON.stringify(contents)}\n`, { mode: privateModes.file, flush: true });
    await rename(draft, file);
  }

  #file(name: keyof Contents): string {
    return join(this.dir, this.nameOf(name));
  }
}

/** True from when an agent was about to start, or was kept from starting; until then a delivery of the job may still start it. */
export function hasLease(repository: WorkerRepository, attempt: AttemptKey): Promise<boolean> {
  return access(join(repository.attemptDir(attempt), 'lease')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
