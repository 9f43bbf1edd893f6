import type { AgentExit, CommitId } from '@pwt/core';
import { type Git, listRefs, objectsOf, readCommitText } from '@pwt/git';
import type { AttemptKey, Restoring, Shipment } from '../protocol/operations.js';
import type { Exchange, LateWork, Standing } from './exchange.js';
import {
  keepSnapshot,
  kinds,
  parseLate,
  type Refs,
  refsOfRun,
  standings,
  taskOf,
  untaken,
} from './leaving.js';
import { Ledger } from './ledger.js';
import { readShipment } from './read-shipment.js';
import { refs } from './refs.js';
import { resolveAddress } from './remote/address.js';
import { unsound } from './remote/failures.js';
import { keepRef } from './remote/keep-ref.js';
import { requireOwnRef } from './remote/own-ref.js';
import { Remote, type RemoteOptions } from './remote/remote.js';
import { isTombstone, writeTombstone } from './tombstone.js';
import { parseNote } from './work-note.js';

export interface GitExchangeOptions extends Pick<RemoteOptions, 'timeoutMs' | 'wait'> {
  /** Of the project, with its trusted configuration. */
  readonly git: Git;
  /** The name of a remote of the project, or an address. */
  readonly remote: string;
}

/** The exchange on a git remote. */
export class GitExchange implements Exchange {
  readonly #options: GitExchangeOptions;
  readonly #git: Git;
  readonly #ledger: Ledger;
  #remote: Promise<Remote> | undefined;
  /** Offers under way and done, by commit. */
  readonly #offered = new Map<string, Promise<void>>();

  constructor(options: GitExchangeOptions) {
    this.#options = options;
    this.#git = options.git;
    this.#ledger = new Ledger(options.git);
  }

  /** @throws PwtError also `PWT_REMOTE_UNKNOWN`, `PWT_EXCHANGE_UNSAFE` */
  async check(): Promise<void> {
    const remote = await this.#open();
    await remote.rehearse(await writeTombstone(this.#git));
  }

  async offer(runId: string, commit: CommitId, again = false): Promise<void> {
    const ref = refs.base(commit);
    requireOwnRef(ref);
    const noted = this.#once(`${runId} ${commit}`, false, () => this.#ledger.note(runId, commit));
    await noted;
    await this.#once(commit, again, async () => (await this.#open()).replace(ref, commit));
  }

  /** Those that come while it is under way wait for the same one; after a failure it is done anew. */
  #once(key: string, again: boolean, action: () => Promise<void>): Promise<void> {
    const known = again ? undefined : this.#offered.get(key);
    if (known !== undefined) return known;
    const done = action();
    this.#offered.set(key, done);
    done.catch(() => {
      if (this.#offered.get(key) === done) this.#offered.delete(key);
    });
    return done;
  }

  /** A ref `into` that is elsewhere is moved. */
  async take({ ref, commit, into }: Parameters<Exchange['take']>[0]): Promise<void> {
    requireOwnRef(into);
    const remote = await this.#open();
    await keepRef(this.#git, into, commit, async () => {
      await remote.fetch(ref, commit);
      if ((await objectsOf(this.#git).read(commit))?.type !== 'commit')
        throw unsound(remote.address, ref, `${commit} is no commit.`);
    });
  }

  async giveUp(attempt: AttemptKey): ReturnType<Exchange['giveUp']> {
    const ref = refs.attempt(attempt);
    const remote = await this.#open();
    const outcome = await remote.create(ref, await writeTombstone(this.#git));
    if (outcome.status === 'created' || isTombstone(outcome.by)) return { status: 'given-up' };
    return { status: 'finished', ref, commit: outcome.by };
  }

  async unfinished(attempt: AttemptKey): Promise<Restoring | undefined> {
    const ref = refs.unfinished(attempt);
    const commit = await (await this.#open()).read(ref);
    return commit === undefined ? undefined : { ref, commit };
  }

  async exitOf(attempt: AttemptKey, commit: CommitId): Promise<AgentExit> {
    const { address } = await this.#open();
    const ref = refs.attempt(attempt);
    const text = await readCommitText(objectsOf(this.#git), commit);
    if (text === null) throw unsound(address, ref, `${commit} is not here as a commit.`);
    const note = parseNote(text.message);
    const { runId, taskId, number } = note.attempt;
    if (runId !== attempt.runId || taskId !== attempt.taskId || number !== attempt.number)
      throw unsound(address, ref, `it is the work of attempt ${number} at ${taskId} of ${runId}.`);
    if (note.exit === undefined) throw unsound(address, ref, 'it does not say how the agent ended.');
    return note.exit;
  }

  async lateOf(runId: string): Promise<readonly LateWork[]> {
    const found = await (await this.#open()).list(`refs/pwt/late/${runId}/`);
    return [...found].flatMap(([ref, commit]) => parseLate(ref, commit) ?? []);
  }

  async open(shipment: Shipment): Promise<string> {
    return shipment.kind === 'inline' ? shipment.text : readShipment(this.#git, await this.#open(), shipment);
  }

  async prune(runId: string, standing: (taskId: string) => Promise<Standing>): Promise<void> {
    const remote = await this.#open();
    const found = await remote.list(...refsOfRun(runId));
    const tasks = await standings(found, standing);
    const done = new Map([...found].filter(([ref]) => tasks.get(taskOf(ref)) !== 'open'));
    const { left } = await this.#remove(remote, { runId, found: done, safe: safeOf(tasks) });
    if (left.length > 0) throw left[0];
  }

  async unreleased(known: readonly string[] = []): Promise<readonly string[]> {
    const kept = (await listRefs(this.#git, 'refs/pwt/')).map(({ ref }) => ref.split('/')[2]);
    const here = new Set([...kept, ...known]);
    if (here.size === 0) return [];
    const found = await (await this.#open()).list(...kinds.map((kind) => `${kind}/`));
    const runs = [...found.keys()].map((ref) => ref.split('/')[3] ?? '');
    return [...new Set([...(await this.#ledger.runs()), ...runs.filter((run) => here.has(run))])];
  }

  /**
   * @throws PwtError also `PWT_EXCHANGE_UNSOUND` if something there is no work of pwt's: it stays there, and the error names it. All
   * else is done
   */
  async release(
    runId: string,
    standing: (taskId: string) => Promise<Standing> = async () => 'over',
  ): Promise<readonly string[]> {
    const remote = await this.#open();
    const { own, alone } = await this.#ledger.of(runId);
    const [work, bases] = await Promise.all([
      remote.list(...refsOfRun(runId)),
      alone.length === 0 ? new Map<string, CommitId>() : remote.list(...alone.map(refs.base)),
    ]);
    const safe = safeOf(await standings(work, standing));
    const { left, taken } = await this.#remove(remote, { runId, found: new Map([...work, ...bases]), safe });
    await this.#ledger.forget(own);
    for (const { commit } of own) {
      this.#offered.delete(`${runId} ${commit}`);
      if (alone.includes(commit)) this.#offered.delete(commit);
    }
    if (left.length > 0) throw left[0];
    return taken;
  }

  /** What could not be taken stays there. @returns why it could not, and the snapshots of what was */
  async #remove(
    remote: Remote,
    leaving: { readonly runId: string; readonly found: Refs; readonly safe: ReadonlySet<string> },
  ): Promise<{ readonly left: readonly unknown[]; readonly taken: readonly string[] }> {
    const left: unknown[] = [];
    const taken: string[] = [];
    const { runId, found } = leaving;
    const removable = new Map(found);
    for (const [ref, commit] of await untaken(this.#git, leaving)) {
      try {
        const work = { runId, ref, commit };
        const kept = await keepSnapshot(this.#git, work, (into) => this.take({ ref, commit, into }));
        if (kept !== undefined) taken.push(kept);
      } catch (error) {
        left.push(error);
        removable.delete(ref);
      }
    }
    await remote.delete(removable);
    return { left, taken };
  }

  #open(): Promise<Remote> {
    const { remote, ...options } = this.#options;
    this.#remote ??= resolveAddress(this.#git, remote).then((address) => new Remote({ ...options, address }));
    this.#remote.catch(() => {
      this.#remote = undefined;
    });
    return this.#remote;
  }
}

function safeOf(tasks: ReadonlyMap<string, Standing>): ReadonlySet<string> {
  return new Set([...tasks].flatMap(([task, standing]) => (standing === 'safe' ? [task] : [])));
}
