import type { Claim, TaskClaims } from '@pwt/core';
import { type FileTree, type PatternList, ScopeIndex } from '@pwt/scope';
import type { ClaimNode, NodeConflict } from './claim-node.js';
import { type Conflict, eachConflict, scopesOf } from './claim-relation.js';
import { conflictingAmong, type HeldClaim } from './held-claim.js';

/** A claim of one task that does not go together with a claim of another. */
export interface ClaimConflict extends Conflict {
  /** The other task. */
  readonly taskId: string;
  readonly mine: Claim;
  readonly theirs: Claim;
}

/** A path with all who claim it. */
export interface HeldPath {
  /** The path, or the first of several that exactly these claims match. */
  readonly path: string;
  /** How many paths there are. */
  readonly files: number;
  readonly holders: ReadonlySet<HeldClaim>;
}

/** Options of {@link ClaimTable.hotFiles}. */
export interface HotFilesOptions {
  /** Count the files that patterns match here, too. @default only paths that a claim names */
  readonly tree?: FileTree;
  /** Tasks to leave out. */
  readonly except?: ReadonlySet<string>;
}

/** A claim as a task has it. */
interface Holding {
  readonly held: HeldClaim;
  readonly node: Node;
  /** The place of the claim among those of its task. */
  readonly at: number;
}

interface Node extends ClaimNode {
  readonly list: PatternList;
  conflicts: readonly NodeConflict[];
  /** In the order in which they came. */
  holders: Holding[];
}

/**
 * The claims of tasks: who is in whose way, and on which paths? Analysis, edit session, advice and schedule all ask one.
 *
 * A claim is compared with the others once, when it comes; afterwards the question is a matter of numbers, not of
 * patterns. Equal claims are one node: a file that a thousand tasks claim is in conflict with itself, never half a
 * million pairs. Different claims that don't go together are a record at either end, so n different patterns that all
 * overlap take n × n of them, at some hundred bytes each.
 *
 * A claim whose pattern begins with `!` subtracts from the other claims of its task that are added with it.
 */
export class ClaimTable {
  readonly #index = new ScopeIndex<Node>();
  readonly #byTask = new Map<string, readonly Holding[]>();
  #size = 0;
  #nextId = 0;

  /**
   * A table of the claims of these tasks.
   *
   * @throws PwtError as `parsePattern`.
   */
  static of(claims: Iterable<TaskClaims>): ClaimTable {
    const table = new ClaimTable();
    for (const { taskId, claims: own } of claims) table.add(taskId, own);
    return table;
  }

  /** How many different claims there are. */
  get size(): number {
    return this.#size;
  }

  /** The tasks in the table, in the order in which they came. */
  get taskIds(): readonly string[] {
    return [...this.#byTask.keys()];
  }

  /**
   * Adds claims to those of the task. A claim like one in the table costs a look-up; another one is compared with those
   * that it can overlap: microseconds for a path.
   *
   * @throws PwtError as `parsePattern`; then nothing was added.
   */
  add(taskId: string, claims: readonly Claim[]): void {
    const before = this.#byTask.get(taskId) ?? [];
    const holdings = scopesOf(claims).map(([claim, list], at): Holding => {
      const holding = { held: { taskId, claim }, node: this.#nodeOf(claim, list), at: before.length + at };
      holding.node.holders.push(holding);
      return holding;
    });
    this.#byTask.set(taskId, before.length === 0 ? holdings : [...before, ...holdings]);
  }

  /**
   * Forgets the task, and each of its claims that no other task has: nodes of those may not be used any more.
   *
   * @returns whether the task was there
   */
  remove(taskId: string): boolean {
    for (const holding of this.#byTask.get(taskId) ?? []) {
      const { node } = holding;
      node.holders = node.holders.filter((other) => other !== holding);
      if (node.holders.length === 0) this.#drop(node);
    }
    return this.#byTask.delete(taskId);
  }

  /** What the task claims, in the order of its claims; nothing for a task that is not in the table. */
  claimsOf(taskId: string): readonly HeldClaim[] {
    return (this.#byTask.get(taskId) ?? []).map(({ held }) => held);
  }

  /** The nodes of the claims of a task, in the order of its claims, each once. */
  nodesOf(taskId: string): readonly ClaimNode[] {
    return unique((this.#byTask.get(taskId) ?? []).map(({ node }) => node));
  }

  /**
   * The nodes of these claims, in their order, each once, as {@link add} would make them: for claims that a task may come
   * to hold. No task holds them by this, but they stay in the table.
   *
   * @throws PwtError as `parsePattern`; then nothing was added.
   */
  nodesFor(claims: readonly Claim[]): readonly ClaimNode[] {
    return unique(scopesOf(claims).map(([claim, list]) => this.#nodeOf(claim, list)));
  }

  /** The tasks that have such a claim, each with it, in the order in which they came. */
  holdersOf(node: ClaimNode): readonly HeldClaim[] {
    return (node as Node).holders.map(({ held }) => held);
  }

  /**
   * Every claim of another task that does not go together with a claim of this one, each pair once: in the order of this
   * task's claims, and for each of them in that of the other's. O(result).
   */
  conflictsOf(taskId: string): readonly ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const { held: mine, node } of this.#byTask.get(taskId) ?? []) {
      const found: (ClaimConflict & { readonly at: number })[] = [];
      for (const { node: other, relation, kind, witness, against } of node.conflicts) {
        for (const { held: theirs, at } of (other as Node).holders) {
          if (theirs.taskId === taskId) continue;
          found.push({
            ...{ taskId: theirs.taskId, mine: mine.claim, theirs: theirs.claim },
            ...{ relation, kind, witness, against, at },
          });
        }
      }
      found.sort((a, b) => a.at - b.at);
      for (const { at: _, ...conflict } of found) conflicts.push(conflict);
    }
    return conflicts;
  }

  /**
   * As {@link conflictsOf}, for claims that are only asked about. O(claims × branches they can match + result).
   *
   * @throws PwtError as `parsePattern`.
   */
  conflictsWith(
    claims: readonly Claim[],
    { except }: { readonly except?: string } = {},
  ): readonly ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const scope of scopesOf(claims)) {
      eachConflict(this.#index, claimOf, scope, (node, conflict) => {
        for (const { held } of node.holders) {
          if (held.taskId === except) continue;
          conflicts.push({ taskId: held.taskId, mine: scope[0], theirs: held.claim, ...conflict });
        }
      });
    }
    return conflicts;
  }

  /**
   * The nodes that conflict with one of these claims, which are not added. Costs as much as {@link conflictsWith}.
   *
   * @throws PwtError as `parsePattern`.
   */
  nodesAgainst(claims: readonly Claim[]): ReadonlySet<ClaimNode> {
    const found = new Set<ClaimNode>();
    for (const scope of scopesOf(claims)) {
      eachConflict(this.#index, claimOf, scope, (node, { relation }) => {
        if (relation === 'conflict') found.add(node);
      });
    }
    return found;
  }

  /** Who holds a claim on this path, with the claim. */
  holdersAt(path: string): readonly HeldClaim[] {
    return [...this.#index.ownersAt(path)].flatMap((node) => this.holdersOf(node));
  }

  /**
   * The paths that keep tasks from running together, the most wanted first: those on which at least two tasks have
   * claims that conflict, with all who claim them. Each is one resource with its holders, never a set of pairs. See
   * `ScopeIndex.commonPaths`.
   */
  hotFiles({ tree, except }: HotFilesOptions = {}): readonly HeldPath[] {
    const holdersOf = ({ holders }: Node) =>
      except ? holders.filter(({ held }) => !except.has(held.taskId)) : holders;
    return this.#index
      .commonPaths({
        ...(tree ? { tree } : {}),
        weightOf: (node) => holdersOf(node).length,
        mayShare: (node) => holdersOf(node).length > 1 || node.conflicts.some((other) => other.node !== node),
      })
      .map(({ path, files, owners }) => ({
        path,
        files,
        holders: new Set([...owners].flatMap(holdersOf).map(({ held }) => held)),
      }))
      .filter(({ holders }) => conflictingAmong(holders).length > 0)
      .sort((a, b) => b.holders.size - a.holders.size || (a.path < b.path ? -1 : 1));
  }

  #nodeOf(claim: Claim, list: PatternList): Node {
    for (const known of this.#index.ownersOf(list) ?? []) if (isAlike(claim, known.claim)) return known;
    const node: Node = { id: this.#nextId, claim, list, conflicts: [], holders: [] };
    this.#nextId += 1;
    this.#size += 1;
    // It overlaps itself like any other, since two tasks may have such a claim.
    this.#index.add(list, node);
    eachConflict(this.#index, claimOf, [claim, list], (other, conflict) => {
      addConflict(node, { node: other, ...conflict });
      if (other === node) return;
      const { witness, against } = conflict;
      addConflict(other, { ...conflict, node, witness: against, against: witness });
    });
    return node;
  }

  #drop(node: Node): void {
    this.#index.remove(node.list, node);
    this.#size -= 1;
    for (const { node: other } of node.conflicts) {
      (other as Node).conflicts = other.conflicts.filter((conflict) => conflict.node !== node);
    }
  }
}

function claimOf({ claim }: Node): Claim {
  return claim;
}

/** Most nodes are in conflict with themselves alone: a list of just that size is a tenth of one that is made to grow. */
function addConflict(node: Node, conflict: NodeConflict): void {
  if (node.conflicts.length === 0) node.conflicts = [conflict];
  else (node.conflicts as NodeConflict[]).push(conflict);
}

function isAlike(a: Claim, b: Claim): boolean {
  return a.mode === b.mode && a.class === b.class && a.confidence === b.confidence;
}

function unique(nodes: readonly ClaimNode[]): readonly ClaimNode[] {
  return nodes.length < 2 ? nodes : [...new Set(nodes)];
}
