import type { Claim, TaskClaims } from '@pwt/core';
import { eachMeeting, type MeetingKind, type Opposition, relationOf, scopesOf } from './claim-meetings.js';
import type { PatternLike } from './pattern.js';
import { ScopeIndex } from './scope-index.js';

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

interface GrowingNode extends ClaimNode {
  readonly rivals: Rivalry[];
}

/**
 * Which claims do not go together, worked out once for a set of tasks that is known beforehand: afterwards
 * that two tasks are in each other's way is a matter of numbers, not of patterns.
 *
 * A file that a thousand tasks claim is one node with one rival, itself; never half a million pairs. Nodes come,
 * and stay: for claims that come and go over months, use `ClaimIndex`.
 */
export class ClaimGraph {
  static readonly #known = new WeakMap<readonly TaskClaims[], ClaimGraph>();

  /** The graph of these claims: the same one whenever it is asked for with the same list. */
  static of(claims: readonly TaskClaims[]): ClaimGraph {
    let graph = ClaimGraph.#known.get(claims);
    if (!graph) {
      graph = new ClaimGraph();
      for (const { claims: own } of claims) graph.nodesOf(own);
      ClaimGraph.#known.set(claims, graph);
    }
    return graph;
  }

  readonly #index = new ScopeIndex<GrowingNode>();
  readonly #byPattern = new Map<string, GrowingNode[]>();
  #size = 0;

  /** How many different claims there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * The nodes of one task's claims, in their order, each once; those that are not known yet are added. A claim whose
   * pattern begins with `!` subtracts from the others of the list. A new node costs as much as a question to
   * `ClaimIndex.conflictsWith`, a known one a look-up.
   *
   * @throws PwtError as `parsePattern`; what comes before the bad claim stays.
   */
  nodesOf(claims: readonly Claim[]): readonly ClaimNode[] {
    const nodes = new Set<ClaimNode>();
    for (const [claim, patterns] of scopesOf(claims)) nodes.add(this.#nodeOf(claim, patterns));
    return [...nodes];
  }

  #nodeOf(claim: Claim, patterns: PatternLike): ClaimNode {
    // NUL occurs in no pattern.
    const key = Array.isArray(patterns) ? patterns.join('\0') : (patterns as string);
    const alike = this.#byPattern.get(key);
    const known = alike?.find(({ claim: other }) => isAlike(claim, other));
    if (known) return known;
    const node: GrowingNode = { id: this.#size, claim, rivals: [] };
    this.#index.add(patterns, node);
    eachMeeting(this.#index, patterns, (other, kind, { witness, against }) => {
      const relation = relationOf(kind, claim, other.claim);
      if (relation === 'compatible') return;
      node.rivals.push({ node: other, relation, kind, witness, against });
      if (other !== node) {
        other.rivals.push({ node, relation, kind, witness: against, against: witness });
      }
    });
    this.#size += 1;
    if (alike) alike.push(node);
    else this.#byPattern.set(key, [node]);
    return node;
  }
}

function isAlike(a: Claim, b: Claim): boolean {
  return a.mode === b.mode && a.class === b.class && a.confidence === b.confidence;
}
