import type { Claim } from '@pwt/core';
import type { HotFile, HotFilesOptions, PatternList } from '@pwt/scope';
import { ScopeIndex } from '@pwt/scope';
import { eachMeeting, type MeetingKind, type Opposition, relationOf, scopesOf } from './claim-meetings.js';
import { type HeldClaim, opponentsAmong } from './held-claim.js';

/** A claim of one task that does not go together with a claim of another. */
export interface ClaimConflict {
  /** The other task. */
  readonly taskId: string;
  readonly mine: Claim;
  readonly theirs: Claim;
  /** `possible` never blocks by itself; a `collision` is never more than that. */
  readonly relation: Opposition;
  readonly kind: MeetingKind;
  /** A path that `mine` matches. */
  readonly witness: string;
  /** A path that `theirs` matches: the same one for an `overlap`. */
  readonly against: string;
}

/** Options of {@link ClaimIndex.conflictsWith}. */
export interface ConflictsOptions {
  /** A task to leave out: the one that asks, when it holds claims already. */
  readonly except?: string;
}

/**
 * The claims that tasks hold, for a scheduler: who stands in the way of these claims? Changed in place.
 * A claim whose pattern begins with `!` subtracts from the other claims of its task that are added with it.
 */
export class ClaimIndex {
  readonly #index = new ScopeIndex<HeldClaim>();
  readonly #held = new Map<string, { list: PatternList; holding: HeldClaim }[]>();

  /** The tasks that hold claims, in the order they came. */
  get taskIds(): readonly string[] {
    return [...this.#held.keys()];
  }

  /**
   * Adds claims to what the task holds already (claims can grow).
   *
   * @throws PwtError as `parsePattern`; then nothing was added.
   */
  add(taskId: string, claims: readonly Claim[]): void {
    const additions = Array.from(scopesOf(claims), ([claim, list]) => ({ list, holding: { taskId, claim } }));
    for (const { list, holding } of additions) this.#index.add(list, holding);
    this.#held.set(taskId, [...(this.#held.get(taskId) ?? []), ...additions]);
  }

  /** Frees everything that the task holds; `false` when it held nothing. */
  remove(taskId: string): boolean {
    for (const { list, holding } of this.#held.get(taskId) ?? []) this.#index.remove(list, holding);
    return this.#held.delete(taskId);
  }

  /**
   * Every held claim that does not go together with one of these, by the rules of `claimRelation`, each pair once.
   * A file against a directory, and a collision, cannot be joined, so `append` and `regenerate` do not help there.
   * O(claims × branches they can match + result): microseconds for literals.
   *
   * @throws PwtError as `parsePattern`.
   */
  conflictsWith(claims: readonly Claim[], { except }: ConflictsOptions = {}): ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const [mine, list] of scopesOf(claims)) {
      eachMeeting(this.#index, list, ({ taskId, claim: theirs }, kind, { witness, against }) => {
        if (taskId === except) return;
        const relation = relationOf(kind, mine, theirs);
        if (relation === 'compatible') return;
        conflicts.push({ taskId, mine, theirs, relation, kind, witness, against });
      });
    }
    return conflicts;
  }

  /** Who holds a claim on this path, with the claim. */
  claimants(path: string): ReadonlySet<HeldClaim> {
    return this.#index.claimants(path);
  }

  /**
   * The paths that keep tasks from running together: those of `ScopeIndex.hotFiles` on which at least two tasks
   * hold claims that conflict, with everyone who claims them.
   */
  hotFiles(options: HotFilesOptions = {}): HotFile<HeldClaim>[] {
    return this.#index.hotFiles(options).filter(({ claimants }) => opponentsAmong(claimants).length > 0);
  }
}
