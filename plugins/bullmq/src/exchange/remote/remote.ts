import { setTimeout as delay } from 'node:timers/promises';
import type { CommitId } from '@pwt/core';
import { type Git, isObjectId } from '@pwt/git';
import { missing, refused, unreachable, unsound } from './failures.js';
import { fetchArguments } from './fetch-arguments.js';
import { requireOwnRef } from './own-ref.js';
import { pushArguments, type RefChange, refusals, saidThere } from './push-arguments.js';
import { type RemoteResult, runRemote } from './run-remote.js';

export interface RemoteOptions {
  /** The repository that objects come from and go to. */
  readonly git: Git;
  readonly address: string;
  /** How long one git command may take, in milliseconds. @default 30 minutes: a repository may be large */
  readonly timeoutMs?: number;
  /** Waits between two tries; replaced in tests. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

const TIMEOUT_MS = 30 * 60_000;
/** How long to wait before each further try, in milliseconds. */
const PAUSES = [100, 500, 2000];

/** A git repository that others use too, of which pwt uses `refs/pwt/` alone. No branch, tag, hook or submodule is involved. */
export class Remote {
  readonly address: string;
  readonly #git: Git;
  readonly #timeoutMs: number;
  readonly #wait: (ms: number) => Promise<unknown>;

  constructor({ git, address, timeoutMs = TIMEOUT_MS, wait = delay }: RemoteOptions) {
    this.#git = git;
    this.address = address;
    this.#timeoutMs = timeoutMs;
    this.#wait = wait;
  }

  /**
   * The refs of exactly these names, and below those that end at a slash.
   *
   * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`
   */
  async list(...names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    for (const name of names) requireOwnRef(name.replace(/\/$/, ''));
    const patterns = names.map((name) => (name.endsWith('/') ? `${name}*` : name));
    const { stdout } = await this.#reached([
      'ls-remote',
      '--quiet',
      '--refs',
      '--',
      this.address,
      ...patterns,
    ]);
    const found = new Map<string, string>();
    for (const line of stdout.split('\n')) {
      const [id = '', ref = ''] = line.split('\t');
      // A pattern also matches the end of a longer name.
      const isWanted = names.some((name) => (name.endsWith('/') ? ref.startsWith(name) : ref === name));
      if (isWanted && isObjectId(id)) found.set(ref, id);
    }
    return found;
  }

  /** What a ref is at; `undefined` if there is none. */
  async read(ref: string): Promise<string | undefined> {
    return (await this.list(ref)).get(ref);
  }

  /**
   * Creates a ref, or finds that it has been created: the remote decides between two that try at the same time. The same commit
   * counts as created.
   *
   * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`, `PWT_EXCHANGE_REFUSED`
   */
  async create(
    ref: string,
    commit: CommitId,
  ): Promise<{ readonly status: 'created' } | { readonly status: 'taken'; readonly by: string }> {
    const by = await this.#put({ ref, commit, expected: '' });
    return by === commit ? { status: 'created' } : { status: 'taken', by };
  }

  /** Sets a ref, whatever it is at. @throws PwtError `PWT_EXCHANGE_UNREACHABLE`, `PWT_EXCHANGE_REFUSED` */
  async replace(ref: string, commit: CommitId): Promise<void> {
    await this.#put({ ref, commit });
  }

  /** What the ref is at afterwards. What git has said is no answer: the remote is looked at. */
  async #put(change: RefChange & { readonly commit: CommitId }): Promise<string> {
    const { ref, commit, expected } = change;
    requireOwnRef(ref);
    for (let tries = 0; ; tries += 1) {
      const pushed = await this.#push([change]);
      if (pushed.exitCode === 0) return commit;
      const there = await this.read(ref);
      if (there === commit || (there !== undefined && expected === '')) return there;
      const pause = PAUSES[tries];
      if (pause === undefined) throw this.#failed(ref, pushed);
      await this.#wait(pause * (0.5 + Math.random()));
    }
  }

  /**
   * Deletes refs that are where the caller saw them; those that are elsewhere by now, or gone, are left. In one push.
   *
   * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`, `PWT_EXCHANGE_REFUSED`
   */
  async delete(refs: ReadonlyMap<string, string>): Promise<void> {
    for (const ref of refs.keys()) requireOwnRef(ref);
    let left = refs;
    for (let tries = 0; left.size > 0; tries += 1) {
      const pushed = await this.#push([...left].map(([ref, expected]) => ({ ref, expected })));
      if (pushed.exitCode === 0) return;
      const there = await this.list(...left.keys());
      left = new Map([...left].filter(([ref, id]) => there.get(ref) === id));
      const [first] = left.keys();
      const pause = PAUSES[tries];
      if (first === undefined) return;
      if (pause === undefined) throw this.#failed(first, pushed);
      await this.#wait(pause);
    }
  }

  /**
   * Would a push be taken? Nothing is changed.
   *
   * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`
   */
  async rehearse(commit: CommitId): Promise<void> {
    await this.#reached(pushArguments(this.address, [{ ref: 'refs/pwt/check', commit }], ['--dry-run']));
  }

  /**
   * Gets an object by its id, with all that it needs, and no ref of it. It is checked as it arrives. Where the remote gives nothing by
   * id, its ref is asked for.
   *
   * @throws PwtError `PWT_EXCHANGE_MISSING`, `PWT_EXCHANGE_UNSOUND`, `PWT_EXCHANGE_UNREACHABLE`
   */
  async fetch(ref: string, commit: CommitId): Promise<void> {
    requireOwnRef(ref);
    if (!isObjectId(commit))
      throw unsound(this.address, ref, `${JSON.stringify(commit)} is no id of a commit.`);
    for (let tries = 0; ; tries += 1) {
      const byId = await this.#fetch(commit);
      if (byId.exitCode === 0) return;
      const there = await this.read(ref);
      if (there === undefined) throw missing(this.address, ref, commit);
      if (there !== commit) throw unsound(this.address, ref, `it is ${there}, and not ${commit}.`);
      const byRef = await this.#fetch(ref);
      if (byRef.exitCode === 0) return;
      const pause = PAUSES[tries];
      if (pause === undefined) throw this.#badTransfer(ref, byRef);
      await this.#wait(pause * (0.5 + Math.random()));
    }
  }

  #fetch(what: string): Promise<RemoteResult> {
    return runRemote(this.#git, fetchArguments(this.address, what), this.#timeoutMs);
  }

  #push(changes: readonly RefChange[]): Promise<RemoteResult> {
    return runRemote(this.#git, pushArguments(this.address, changes), this.#timeoutMs);
  }

  async #reached(args: readonly string[]): Promise<RemoteResult> {
    for (let tries = 0; ; tries += 1) {
      const result = await runRemote(this.#git, args, this.#timeoutMs);
      if (result.exitCode === 0) return result;
      const pause = PAUSES[tries];
      if (pause === undefined) throw unreachable(this.address, result.stderr);
      await this.#wait(pause * (0.5 + Math.random()));
    }
  }

  /** The remote can be read, so a refusal of the push is its own. */
  #failed(ref: string, { stdout, stderr }: RemoteResult): Error {
    const why = refusals(stdout).get(ref);
    if (why === undefined) return unreachable(this.address, stderr);
    return refused(this.address, ref, [...saidThere(stderr), why].join(' '));
  }

  #badTransfer(ref: string, { stderr }: RemoteResult): Error {
    const isBad = /fsck|index-pack|unpack|bad|missing|did not send|not our ref/i.test(stderr);
    return isBad ? unsound(this.address, ref, stderr.trim()) : unreachable(this.address, stderr);
  }
}
