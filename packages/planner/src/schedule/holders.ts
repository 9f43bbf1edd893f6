import type { ClaimNode, ConflictRelation } from '@pwt/claims';

/** A task that holds a claim in conflict with the claim in question. */
export interface Holder {
  readonly taskId: string;
  /** A path that the claim in question matches. */
  readonly path: string;
}

/**
 * Which tasks in flight hold which claims. {@link hold} and {@link release} keep a count at each claim that conflicts, so
 * whether a claim is free is one look-up.
 */
export class Holders {
  readonly #held = new Map<string, readonly ClaimNode[]>();
  /** The holders of each node that is held. */
  readonly #holders = new Map<ClaimNode, Set<string>>();
  /** By relation and by the id of a node: how often nodes are held that conflict with it in that way. */
  readonly #against: Readonly<Record<ConflictRelation, number[]>> = { conflict: [], possible: [] };

  /** The holders, in the order in which they got their claims. */
  get taskIds(): Iterable<string> {
    return this.#held.keys();
  }

  /** Whether the task holds its claims, be they none. */
  has(taskId: string): boolean {
    return this.#held.has(taskId);
  }

  /**
   * Keeps a count at these claims from now on, which includes what is already held. Call it before the claims are held or
   * asked about. O(conflicts of the claims), once for each claim.
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
    this.#drop(taskId);
    for (const node of nodes) {
      const holders = this.#holders.get(node);
      if (holders) holders.add(taskId);
      else this.#holders.set(node, new Set([taskId]));
    }
    this.#count(nodes, 1);
    this.#held.set(taskId, nodes);
  }

  /** The task holds nothing any more. @returns the nodes that it held */
  release(taskId: string): readonly ClaimNode[] {
    const nodes = this.#drop(taskId);
    this.#held.delete(taskId);
    return nodes;
  }

  /** Whether a claim is held that conflicts with this one in that way. O(1). */
  isBlocked({ id }: ClaimNode, relation: ConflictRelation): boolean {
    return (this.#against[relation][id] ?? 0) > 0;
  }

  /** A holder of a claim that conflicts with this one in one of the ways that block. O(conflicts). */
  blocking(node: ClaimNode, blocks: (relation: ConflictRelation) => boolean): Holder | undefined {
    for (const { node: other, relation, witness } of node.conflicts) {
      if (!blocks(relation)) continue;
      for (const taskId of this.#holders.get(other) ?? []) return { taskId, path: witness };
    }
    return undefined;
  }

  /** The holders of these claims other than the given task, each once. O(claims + result). */
  of(nodes: Iterable<ClaimNode>, except: string): readonly string[] {
    const found = new Set<string>();
    for (const node of nodes) for (const taskId of this.#holders.get(node) ?? []) found.add(taskId);
    found.delete(except);
    return [...found];
  }

  #drop(taskId: string): readonly ClaimNode[] {
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
