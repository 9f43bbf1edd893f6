import type { ClaimNode, Opposition } from '@pwt/claims';

/** What stands in the way of a claim: who holds a claim that does not go together with it, and on which path. */
export interface Obstacle {
  readonly taskId: string;
  /** A path that the claim in question matches. */
  readonly path: string;
}

/**
 * Which tasks hold which claims. Holding and letting go counts at every rival of a claim, so that asking whether a
 * claim is free is a look at one number.
 */
export class Holdings {
  readonly #held = new Map<string, readonly ClaimNode[]>();
  /** Only for nodes that somebody holds. */
  readonly #holders = new Map<ClaimNode, Set<string>>();
  /** By the id of a node, how often somebody holds a rival of it. */
  readonly #against: Readonly<Record<Opposition, number[]>> = { conflict: [], possible: [] };

  /** Everybody who holds claims, in the order in which they began to. */
  get taskIds(): Iterable<string> {
    return this.#held.keys();
  }

  /**
   * Counts at these claims from now on; at others nobody is going to ask about. What is held already counts as well.
   * O(rivals of the claims), once for each claim.
   */
  watch(nodes: readonly ClaimNode[]): void {
    for (const { id, rivals } of nodes) {
      if (this.#against.conflict[id] !== undefined) continue;
      this.#against.conflict[id] = 0;
      this.#against.possible[id] = 0;
      if (this.#held.size === 0) continue;
      for (const { node, relation } of rivals) this.#add(id, relation, this.#holders.get(node)?.size ?? 0);
    }
  }

  /** The task holds these claims from now on, and nothing else. O(rivals of the claims). */
  hold(taskId: string, nodes: readonly ClaimNode[]): void {
    this.#letGo(taskId);
    for (const node of nodes) {
      const holders = this.#holders.get(node);
      if (holders) holders.add(taskId);
      else this.#holders.set(node, new Set([taskId]));
    }
    this.#count(nodes, 1);
    this.#held.set(taskId, nodes);
  }

  /** @returns what it held */
  release(taskId: string): readonly ClaimNode[] {
    const nodes = this.#letGo(taskId);
    this.#held.delete(taskId);
    return nodes;
  }

  /** How often a claim that opposes this one so is held, once it is watched. O(1). */
  against({ id }: ClaimNode, relation: Opposition): number {
    return this.#against[relation][id] ?? 0;
  }

  /** Who stands in the way of this claim, if anybody does. O(rivals). */
  obstacleTo(node: ClaimNode, blocks: (relation: Opposition) => boolean): Obstacle | undefined {
    for (const { node: rival, relation, witness } of node.rivals) {
      if (!blocks(relation)) continue;
      for (const taskId of this.#holders.get(rival) ?? []) return { taskId, path: witness };
    }
    return undefined;
  }

  /** Who holds one of these claims, other than the given task; each once. O(claims + result). */
  holdersOf(nodes: Iterable<ClaimNode>, except: string): readonly string[] {
    const found = new Set<string>();
    for (const node of nodes) for (const taskId of this.#holders.get(node) ?? []) found.add(taskId);
    found.delete(except);
    return [...found];
  }

  #letGo(taskId: string): readonly ClaimNode[] {
    const nodes = this.#held.get(taskId) ?? [];
    for (const node of nodes) {
      const holders = this.#holders.get(node);
      holders?.delete(taskId);
      if (holders?.size === 0) this.#holders.delete(node);
    }
    this.#count(nodes, -1);
    return nodes;
  }

  #count(nodes: readonly ClaimNode[], by: 1 | -1): void {
    for (const { rivals } of nodes) for (const { node, relation } of rivals) this.#add(node.id, relation, by);
  }

  #add(id: number, relation: Opposition, by: number): void {
    const count = this.#against[relation][id];
    if (count !== undefined) this.#against[relation][id] = count + by;
  }
}
