import type { CommitId } from '@pwt/core';
import { hasCode } from '@pwt/core';
import { dropRefs, type Git, KeyedMutex, listRefs, objectsOf } from '@pwt/git';
import { refsOfRun } from '../../exchange/leaving.js';
import { unsound } from '../../exchange/remote/failures.js';
import { keepRef } from '../../exchange/remote/keep-ref.js';
import { requireOwnRef } from '../../exchange/remote/own-ref.js';
import { Remote } from '../../exchange/remote/remote.js';
import { isTombstone } from '../../exchange/tombstone.js';
import type { Shipment } from '../../protocol/operations.js';
import type { Mirror } from '../mirror.js';
import { type OpenMirrorRequest, openRepository } from './open-repository.js';
import { shipFile } from './ship-file.js';

const BASES = 'refs/pwt/base/';

/** A mirror of a git remote, in a folder of the worker. Several processes may use it. */
export class GitMirror implements Mirror {
  readonly git: Git;
  readonly commonDir: string;
  readonly #remote: Remote;
  readonly #warn: (text: string) => void;
  /** Calls for the same commit take turns: it is fetched once. */
  readonly #turns = new KeyedMutex();

  /** Makes the repository, unless it is there; what an earlier process has left half-made is completed. */
  static async open(request: OpenMirrorRequest): Promise<GitMirror> {
    const git = await openRepository(request);
    return new GitMirror(git, new Remote({ ...request, git }), request.warn ?? (() => undefined));
  }

  private constructor(git: Git, remote: Remote, warn: (text: string) => void) {
    this.#warn = warn;
    this.git = git;
    this.commonDir = git.cwd;
    this.#remote = remote;
  }

  fetch(ref: string, commit: CommitId): Promise<void> {
    requireOwnRef(ref);
    return this.#turns.run(commit, () => keepRef(this.git, ref, commit, () => this.#get(ref, commit)));
  }

  /** Git asks nobody if it is here, with everything that it needs. */
  async #get(ref: string, commit: CommitId): Promise<void> {
    await this.#remote.fetch(ref, commit);
    if ((await objectsOf(this.git).read(commit))?.type === 'commit') return;
    throw unsound(this.#remote.address, ref, `${commit} is no commit.`);
  }

  /** The commit is kept here, too, under the same name. */
  async publish(ref: string, commit: CommitId, how: 'create' | 'replace'): Promise<'published' | 'taken'> {
    requireOwnRef(ref);
    const push = async () => {
      if (how === 'replace') return this.#remote.replace(ref, commit);
      return (await this.#remote.create(ref, commit)).status;
    };
    const [status] = await Promise.all([push(), keepRef(this.git, ref, commit)]);
    return status === 'taken' ? 'taken' : 'published';
  }

  async ship(file: string, ref: string): Promise<Shipment> {
    return shipFile(this.git, { file, ref }, (commit) => this.publish(ref, commit, 'replace'));
  }

  async look(ref: string): Promise<CommitId | 'given-up' | undefined> {
    const commit = await this.#remote.read(ref);
    return commit !== undefined && isTombstone(commit) ? 'given-up' : commit;
  }

  async forget(runId: string): Promise<void> {
    const [found, bases] = await Promise.all([
      listRefs(this.git, ...refsOfRun(runId)),
      listRefs(this.git, BASES),
    ]);
    const outer = new Set(
      bases.length < 2
        ? bases.map(({ id }) => id)
        : await this.git.lines(['merge-base', '--independent', ...bases.map(({ id }) => id)]),
    );
    const gone = [...found, ...bases.filter(({ id }) => !outer.has(id))];
    await dropRefs(
      this.git,
      gone.map(({ ref, id }) => ({ ref, oldValue: id })),
    );
    await this.#pack();
  }

  /** If there are thousands of loose objects. No other git does it here. */
  async #pack(): Promise<void> {
    const when = ['-c', 'gc.auto=6700', '-c', 'gc.autoDetach=false'];
    await this.git.run([...when, 'gc', '--auto', '--quiet']).catch((error: unknown) => {
      if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
      this.#warn(`The mirror ${this.commonDir} was not packed: ${error.message}`);
    });
  }
}
