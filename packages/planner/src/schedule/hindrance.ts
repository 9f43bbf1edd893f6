import type { ClaimNode, Opposition } from '@pwt/claims';
import type { Blocker, SeparationPolicy } from '@pwt/core';
import type { Holdings } from './holdings.js';
import { likeliestRival, type RiskEstimate } from './risk.js';
import type { Hurdle } from './waiting-room.js';

/** A task as far as it can be in the way of others, and they in its way. */
export interface Contender {
  readonly id: string;
  readonly nodes: readonly ClaimNode[];
}

/** Why a task may not start, as the first reason that there is. */
export type Hindrance =
  | { readonly kind: 'claim'; readonly hurdle: Hurdle }
  | { readonly kind: 'reserved'; readonly taskId: string }
  | { readonly kind: 'risk'; readonly taskId: string; readonly probability: number };

export interface HindrancesOptions {
  readonly holdings: Holdings;
  readonly separation: SeparationPolicy;
  /** Only for `balanced`. */
  readonly risk: RiskEstimate | undefined;
  readonly waitAboveRisk: number;
}

/** What keeps tasks from starting: claims that others hold, a reservation, and too great a chance to collide. */
export class Hindrances {
  readonly #options: HindrancesOptions;
  #reserved: { readonly id: string; readonly nodes: ReadonlySet<ClaimNode> } | undefined;

  constructor(options: HindrancesOptions) {
    this.#options = options;
  }

  of({ id, nodes }: Contender): Hindrance | undefined {
    const { separation, risk, holdings, waitAboveRisk } = this.#options;
    const hurdle =
      this.#hurdleOf(nodes, 'conflict') ??
      (separation === 'strict' ? this.#hurdleOf(nodes, 'possible') : undefined);
    if (hurdle) return { kind: 'claim', hurdle };
    if (this.#reserved && this.#reserved.id !== id && nodes.some((node) => this.#isReservedFrom(node))) {
      return { kind: 'reserved', taskId: this.#reserved.id };
    }
    const rival = risk && likeliestRival(risk, id, holdings.taskIds);
    return rival && rival.probability > waitAboveRisk ? { kind: 'risk', ...rival } : undefined;
  }

  /** What a task that may start had rather wait for, where no probabilities say how bad it is. */
  reluctanceOf({ nodes }: Contender): Hurdle | undefined {
    const { separation, risk } = this.#options;
    return separation === 'balanced' && !risk ? this.#hurdleOf(nodes, 'possible') : undefined;
  }

  /** The same as {@link of}, for people. */
  blockerOf(task: Contender): Blocker | undefined {
    const hindrance = this.of(task);
    if (hindrance?.kind !== 'claim') return hindrance;
    const obstacle = this.#options.holdings.obstacleTo(hindrance.hurdle.node, this.#blocks);
    return obstacle && { kind: 'claim', ...obstacle };
  }

  get isReserved(): boolean {
    return this.#reserved !== undefined;
  }

  /** From now on nobody else gets a claim that this task needs. */
  reserveFor({ id, nodes }: Contender): void {
    this.#reserved = { id, nodes: new Set(nodes) };
  }

  /** @returns whether there was one */
  endReservationOf(id: string): boolean {
    if (this.#reserved?.id !== id) return false;
    this.#reserved = undefined;
    return true;
  }

  readonly #blocks = (relation: Opposition): boolean =>
    relation === 'conflict' || this.#options.separation === 'strict';

  /** Looked up and not kept: rivals are still added when claims grow. */
  #isReservedFrom({ rivals }: ClaimNode): boolean {
    return rivals.some(({ node, relation }) => this.#blocks(relation) && this.#reserved?.nodes.has(node));
  }

  #hurdleOf(nodes: readonly ClaimNode[], relation: Opposition): Hurdle | undefined {
    const node = nodes.find((one) => this.#options.holdings.against(one, relation) > 0);
    return node && { node, relation };
  }
}
