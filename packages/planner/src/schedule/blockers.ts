import type { ClaimNode, ConflictRelation } from '@pwt/claims';
import type { Blocker, SeparationPolicy } from '@pwt/core';
import type { Holders } from './holders.js';
import type { BlockedClaim } from './ready-queue.js';
import { likeliestConflict, type RiskEstimate } from './risk.js';

/** A task, with the nodes of its claims. */
export interface Waiter {
  readonly id: string;
  readonly nodes: readonly ClaimNode[];
}

/** The first thing by which a waiting task is blocked. For a claim, the holder is not looked up. */
export type BlockedBy =
  | { readonly kind: 'claim'; readonly claim: BlockedClaim }
  | { readonly kind: 'reserved'; readonly taskId: string }
  | { readonly kind: 'risk'; readonly taskId: string; readonly probability: number };

export interface BlockersOptions {
  readonly holders: Holders;
  readonly separation: SeparationPolicy;
  /** Only for `balanced`. */
  readonly risk: RiskEstimate | undefined;
  readonly waitAboveRisk: number;
}

/** What blocks tasks: claims that others hold, a reservation, or too great a risk. */
export class Blockers {
  readonly #options: BlockersOptions;
  #reserved: { readonly id: string; readonly nodes: ReadonlySet<ClaimNode> } | undefined;

  constructor(options: BlockersOptions) {
    this.#options = options;
  }

  of(waiter: Waiter): BlockedBy | undefined {
    return this.#byClaims(waiter) ?? this.#byRisk(waiter);
  }

  #byClaims({ id, nodes }: Waiter): BlockedBy | undefined {
    const { separation } = this.#options;
    const claim =
      this.#blockedClaim(nodes, 'conflict') ??
      (separation === 'strict' ? this.#blockedClaim(nodes, 'possible') : undefined);
    if (claim) return { kind: 'claim', claim };
    if (this.#reserved && this.#reserved.id !== id && nodes.some((node) => this.#isReserved(node))) {
      return { kind: 'reserved', taskId: this.#reserved.id };
    }
    return undefined;
  }

  #byRisk({ id }: Waiter): BlockedBy | undefined {
    const { risk, holders, waitAboveRisk } = this.#options;
    const likeliest = risk && likeliestConflict(risk, id, holders.taskIds);
    return likeliest && likeliest.probability > waitAboveRisk ? { kind: 'risk', ...likeliest } : undefined;
  }

  /** A claim because of which a task that may start lets better tasks start first; only without `risk`. */
  toAvoid({ nodes }: Waiter): BlockedClaim | undefined {
    const { separation, risk } = this.#options;
    return separation === 'balanced' && !risk ? this.#blockedClaim(nodes, 'possible') : undefined;
  }

  /** The task in flight because of which a task that may start lets others start first. */
  yieldsTo(task: Waiter): string | undefined {
    const { risk, holders } = this.#options;
    const claim = this.toAvoid(task);
    if (claim) return holders.blocking(claim.node, (relation) => relation === 'possible')?.taskId;
    const likeliest = risk && likeliestConflict(risk, task.id, holders.taskIds);
    return likeliest && likeliest.probability > 0 ? likeliest.taskId : undefined;
  }

  /**
   * The same as {@link of}, with the holder of a claim and the path.
   *
   * @param isFar risk is left out: it costs one look at each task in flight
   */
  blockerOf(task: Waiter, isFar = false): Blocker | undefined {
    const by = isFar ? this.#byClaims(task) : this.of(task);
    if (by?.kind !== 'claim') return by;
    const holder = this.#options.holders.blocking(by.claim.node, this.#blocks);
    return holder && { kind: 'claim', ...holder };
  }

  /** The claims that no other task gets while this one holds its own. O(conflicts of its claims). */
  *blockedBy({ nodes }: Waiter): Iterable<ClaimNode> {
    for (const { conflicts } of nodes)
      for (const { node, relation } of conflicts) if (this.#blocks(relation)) yield node;
  }

  get isReserved(): boolean {
    return this.#reserved !== undefined;
  }

  /** From now on no other task gets a claim that conflicts with those of this task. */
  reserveFor({ id, nodes }: Waiter): void {
    this.#reserved = { id, nodes: new Set(nodes) };
  }

  /** @returns whether the task had the reservation */
  endReservationOf(id: string): boolean {
    if (this.#reserved?.id !== id) return false;
    this.#reserved = undefined;
    return true;
  }

  readonly #blocks = (relation: ConflictRelation): boolean =>
    relation === 'conflict' || this.#options.separation === 'strict';

  /** Computed on each call, since claims that grow add conflicts. */
  #isReserved({ conflicts }: ClaimNode): boolean {
    return conflicts.some(({ node, relation }) => this.#blocks(relation) && this.#reserved?.nodes.has(node));
  }

  #blockedClaim(nodes: readonly ClaimNode[], relation: ConflictRelation): BlockedClaim | undefined {
    const node = nodes.find((one) => this.#options.holders.isBlocked(one, relation));
    return node && { node, relation };
  }
}
