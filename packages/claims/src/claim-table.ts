import type { Claim, TaskClaims } from '@pwt/core';
import type { HotFile, HotFilesOptions } from '@pwt/scope';
import { ClaimGraph, type ClaimNode } from './claim-graph.js';
import { type HeldClaim, opponentsAmong } from './held-claim.js';

/** A claim of a task with the node that it belongs to. */
export interface TableClaim {
  readonly held: HeldClaim;
  readonly node: ClaimNode;
  /** The place of the task in the list of tasks. */
  readonly taskAt: number;
  /** The place of the claim among those of its task. */
  readonly at: number;
}

/** Options of {@link ClaimTable.hotFiles}. */
export interface TableHotFilesOptions extends Pick<HotFilesOptions, 'tree'> {
  /** Tasks to leave out. */
  readonly except?: ReadonlySet<string>;
}

/**
 * The claims of a set of tasks that is known beforehand, compared once: what analysis, advice and schedule of a plan
 * all build on. Of equal claims of one task the first one stands for all.
 */
export class ClaimTable {
  static readonly #known = new WeakMap<readonly TaskClaims[], ClaimTable>();

  /**
   * The table of these claims: the same one whenever it is asked for with the same list, which may not change, nor the
   * lists in it.
   *
   * @throws PwtError as `parsePattern`.
   */
  static of(claims: readonly TaskClaims[]): ClaimTable {
    let table = ClaimTable.#known.get(claims);
    if (!table) {
      table = new ClaimTable(claims);
      ClaimTable.#known.set(claims, table);
    }
    return table;
  }

  readonly graph: ClaimGraph = new ClaimGraph();
  readonly #byTask = new Map<string, readonly TableClaim[]>();
  /** By the ids of nodes. */
  readonly #byNode: TableClaim[][] = [];

  private constructor(claims: readonly TaskClaims[]) {
    for (const [taskAt, { taskId, claims: own }] of claims.entries()) {
      const entries: TableClaim[] = [];
      const { nodes, claims: first } = this.graph.entriesOf(own);
      for (const [at, node] of nodes.entries()) {
        const claim = first[at] as Claim;
        const entry = { held: { taskId, claim }, taskAt, node, at };
        entries.push(entry);
        const holders = this.#byNode[node.id];
        if (holders) holders.push(entry);
        else this.#byNode[node.id] = [entry];
      }
      this.#byTask.set(taskId, entries);
    }
  }

  /** What a task claims, in the order of its claims; nothing for a task that is not in the table. */
  claimsOf(taskId: string): readonly TableClaim[] {
    return this.#byTask.get(taskId) ?? [];
  }

  /** Who has a claim like this, in the order of the tasks. */
  holdersOf(node: ClaimNode): readonly TableClaim[] {
    return this.#byNode[node.id] ?? [];
  }

  /**
   * The paths that keep tasks from running together, the most wanted first: those on which at least two tasks have
   * claims that conflict, with everyone who claims them. See `ScopeIndex.hotFiles`.
   */
  hotFiles({ tree, except }: TableHotFilesOptions = {}): readonly HotFile<HeldClaim>[] {
    const holdersOf = (node: ClaimNode) =>
      except ? this.holdersOf(node).filter(({ held }) => !except.has(held.taskId)) : this.holdersOf(node);
    return this.graph
      .hotFiles({
        ...(tree ? { tree } : {}),
        weightOf: (node) => holdersOf(node).length,
        mayShare: (node) =>
          holdersOf(node).length > 1 || node.rivals.some((rivalry) => rivalry.node !== node),
      })
      .map(({ path, files, claimants }) => ({
        path,
        files,
        claimants: new Set([...claimants].flatMap(holdersOf).map(({ held }) => held)),
      }))
      .filter(({ claimants }) => opponentsAmong(claimants).length > 0)
      .sort((a, b) => b.claimants.size - a.claimants.size || (a.path < b.path ? -1 : 1));
  }
}
