import type { ClaimNode, ConflictRelation } from '@pwt/claims';

/** Who holds a claim that does not go together with one that is asked about, and on which path. */
export interface Holder {
  readonly taskId: string;
  /** A path that the claim in question matches. */
  readonly path: string;
}

/**
 * Which tasks in flight hold which claims. Holding and releasing counts at everything that the claims conflict with, so
 * that asking whether a claim is free is a look at one number.
 */
export class Holders {
  readonly #held = new Map<string, readonly ClaimNode[]>();
  /** Only nodes that a task holds. */
  readonly #holders = new Map<ClaimNode, Set<string>>();
  /** By the id of a node that is counted at, how often a node is held that conflicts so with it. */
  readonly #against: Readonly<Record<ConflictRelation, number[]>> = { conflict: [], possible: [] };

  /** The tasks that hold claims, in the order in which they began to. */
  get taskIds(): Iterable<string> {
    return this.#held.keys();
  }

  /**
   * Counts at these claims from now on, what is held already included: to be called before they are held or asked
   * about. O(conflicts of the claims), once for each claim.
   */
  countAt(nodes: readonly ClaimNode[]): void {
    for (const { id, conflicts } of nodes) {
      if (this.#against.conflict[id] !== undefined) continue;
      this.#against.conflict[id] = 0;
      this.#against.possible[id] = 0;
      if (this.#held.size === 0) continue;
      for (const { node, relation } of conflicts) {
        this.#add(id, relation, this.#holders.get(node)?.size ?? 0);
      }
    }
  }

  /** The task holds these claims from now on, and nothing else. O(conflicts of the claims). */
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

  /** Whether a claim is held that conflicts so with this one. O(1). */
  isBlocked({ id }: ClaimNode, relation: ConflictRelation): boolean {
    return (this.#against[relation][id] ?? 0) > 0;
  }

  /** Who holds a claim that conflicts with this one. O(conflicts). */
  blocking(node: ClaimNode, blocks: (relation: ConflictRelation) => boolean): Holder | undefined {
    for (const { node: other, relation, witness } of node.conflicts) {
      if (!blocks(relation)) continue;
      for (const taskId of this.#holders.get(other) ?? []) return { taskId, path: witness };
    }
    return undefined;
  }

  /** Who holds one of these claims, other than the given task; each once. O(claims + result). */
  of(nodes: Iterable<ClaimNode>, except: string): readonly string[] {
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
    for (const { conflicts } of nodes) {
      for (const { node, relation } of conflicts) this.#add(node.id, relation, by);
    }
  }

  #add(id: number, relation: ConflictRelation, by: number): void {
    const count = this.#against[relation][id];
    if (count !== undefined) this.#against[relation][id] = count + by;
  }
}
