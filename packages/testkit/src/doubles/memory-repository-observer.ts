import {
  type ConfigState,
  defined,
  type FileState,
  type ObserveRequest,
  type RepositoryObserver,
  type RepositoryRecord,
  type RepositoryState,
  throwIfAborted,
} from '@pwt/core';
import type { MemoryRepository } from './memory-repository.js';

/** Looks at a {@link MemoryRepository}, and at a user's checkout of it that the test changes. */
export class MemoryRepositoryObserver implements RepositoryObserver {
  readonly name = 'memory';
  /** What the next look sees beside the refs; the test changes it as others would. */
  readonly config: Map<string, string> = new Map();
  readonly commands: Set<string> = new Set();
  readonly files: Map<string, FileState> = new Map();
  /** The branch that the user's checkout is on; as the target if nothing is said. */
  branch: string | null | undefined;
  unreadable: string | undefined;
  /** How often it was asked to look. */
  looks = 0;
  readonly #repository: MemoryRepository;
  readonly #records = new Map<string, RepositoryRecord>();

  constructor(repository: MemoryRepository) {
    this.#repository = repository;
  }

  async observe(request: ObserveRequest): Promise<RepositoryState> {
    throwIfAborted(request.abortSignal);
    const { target, runId, ownBranches } = request;
    this.looks += 1;
    const own = new Set(ownBranches.map((branch) => `refs/heads/${branch}`));
    const tip = this.#repository.refs.get(`refs/heads/${target}`) ?? null;
    const branch = this.branch === undefined ? target : this.branch;
    const config: ConfigState = {
      file: '/repository/config',
      values: Object.fromEntries(this.config),
      commands: [...this.commands],
    };
    return structuredClone({
      target: { branch: target, tip },
      checkouts: [{ path: '/repository', branch, commit: tip }],
      config: [config],
      control: {},
      refs: Object.fromEntries(
        [...this.#repository.refs].filter(([ref]) => !own.has(ref) && !ref.startsWith(`refs/pwt/${runId}/`)),
      ),
      stash: { entries: '' },
      files: Object.fromEntries(this.files),
      ...defined({ unreadable: this.unreadable }),
    });
  }

  async keep(runId: string, record: RepositoryRecord): Promise<void> {
    this.#records.set(runId, structuredClone(record));
  }

  async recall(runId: string): Promise<RepositoryRecord | undefined> {
    return structuredClone(this.#records.get(runId));
  }
}
