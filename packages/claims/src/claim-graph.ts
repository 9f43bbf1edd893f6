import type { Claim } from '@pwt/core';
import type { HotFile, HotFilesOptions, PatternList } from '@pwt/scope';
import { ScopeIndex } from '@pwt/scope';
import { eachMeeting, type MeetingKind, type Opposition, relationOf, scopesOf } from './claim-meetings.js';

/** Equal claims: of one pattern, with one set of subtractions, of one mode, class and confidence. */
export interface ClaimNode {
  /** Consecutive from 0, in the order in which they came. */
  readonly id: number;
  /** The first of the equal claims. */
  readonly claim: Claim;
  /** Whom these claims do not go together with; the node itself, where two tasks can't both hold such a claim. */
  readonly rivals: readonly Rivalry[];
}

/** A node that the claims of another one do not go together with. */
export interface Rivalry {
  readonly node: ClaimNode;
  /** `possible` never blocks by itself. */
  readonly relation: Opposition;
  readonly kind: MeetingKind;
  /** A path that the claims of the node at this end match. */
  readonly witness: string;
  /** A path that the claims of the other {@link node} match: the same one for an `overlap`. */
  readonly against: string;
}

/** The different claims of a task, side by side. */
export interface NodeEntries {
  readonly nodes: readonly ClaimNode[];
  readonly claims: readonly Claim[];
}

interface GrowingNode extends ClaimNode {
  rivals: readonly Rivalry[];
}

/**
 * Which claims do not go together, worked out once for a set of tasks that is known beforehand: afterwards
 * that two tasks are in each other's way is a matter of numbers, not of patterns.
 *
 * A file that a thousand tasks claim is one node with one rival, itself; never half a million pairs. Different claims
 * that do not go together are a record at either end, so n different patterns that all meet take n × n of them, at
 * some hundred bytes each. Nodes come, and stay: for claims that come and go over months, use `ClaimIndex`.
 */
export class ClaimGraph {
  readonly #index = new ScopeIndex<GrowingNode>();
  readonly #known = new WeakMap<readonly Claim[], NodeEntries>();
  #size = 0;

  /** How many different claims there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * The nodes of one task's claims, in their order, each once; those that are not known yet are added. A claim whose
   * pattern begins with `!` subtracts from the others of the list, which may not change afterwards. A new node costs as
   * much as a question to `ClaimIndex.conflictsWith`, a known one a look-up.
   *
   * @throws PwtError as `parsePattern`; then nothing was added.
   */
  nodesOf(claims: readonly Claim[]): readonly ClaimNode[] {
    return this.entriesOf(claims).nodes;
  }

  /** The nodes as {@link nodesOf} has them, with the first of the claims that each stands for. */
  entriesOf(claims: readonly Claim[]): NodeEntries {
    let entries = this.#known.get(claims);
    if (!entries) {
      const byNode = new Map<ClaimNode, Claim>();
      for (const [claim, list] of scopesOf(claims)) {
        const node = this.#nodeOf(claim, list);
        if (!byNode.has(node)) byNode.set(node, claim);
      }
      entries = { nodes: [...byNode.keys()], claims: [...byNode.values()] };
      this.#known.set(claims, entries);
    }
    return entries;
  }

  /**
   * The nodes that conflict with one of these claims, which are not added: for claims that somebody only asks about.
   * Costs as much as `ClaimIndex.conflictsWith`.
   *
   * @throws PwtError as `parsePattern`.
   */
  opponentsOf(claims: readonly Claim[]): ReadonlySet<ClaimNode> {
    const opponents = new Set<ClaimNode>();
    for (const [claim, list] of scopesOf(claims)) {
      eachMeeting(this.#index, list, (other, kind) => {
        if (relationOf(kind, claim, other.claim) === 'conflict') opponents.add(other);
      });
    }
    return opponents;
  }

  /** `ScopeIndex.hotFiles` of the nodes. */
  hotFiles(options: HotFilesOptions<ClaimNode>): readonly HotFile<ClaimNode>[] {
    return this.#index.hotFiles(options);
  }

  #nodeOf(claim: Claim, list: PatternList): ClaimNode {
    for (const known of this.#index.ownersOf(list) ?? []) if (isAlike(claim, known.claim)) return known;
    const node: GrowingNode = { id: this.#size, claim, rivals: [] };
    this.#size += 1;
    // It meets itself like any other, since two tasks may have such a claim.
    this.#index.add(list, node);
    eachMeeting(this.#index, list, (other, kind, { witness, against }) => {
      const relation = relationOf(kind, claim, other.claim);
      if (relation === 'compatible') return;
      addRival(node, { node: other, relation, kind, witness, against });
      if (other !== node) addRival(other, { node, relation, kind, witness: against, against: witness });
    });
    return node;
  }
}

/** Most nodes have one rival, themselves: a list of just that size is a tenth of one that is made to grow. */
function addRival(node: GrowingNode, rivalry: Rivalry): void {
  if (node.rivals.length === 0) node.rivals = [rivalry];
  else (node.rivals as Rivalry[]).push(rivalry);
}

function isAlike(a: Claim, b: Claim): boolean {
  return a.mode === b.mode && a.class === b.class && a.confidence === b.confidence;
}
