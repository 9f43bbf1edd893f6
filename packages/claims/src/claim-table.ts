import type { Claim, TaskClaims } from '@pwt/core';
import { type FileTree, type PatternList, ScopeIndex } from '@pwt/scope';
import type { ClaimNode, NodeConflict } from './claim-node.js';
import { type Conflict, eachConflict, scopesOf } from './claim-relation.js';
import { conflictingAmong, type TaskClaim } from './task-claim.js';

/** A claim of one task that conflicts with a claim of another, or possibly does. */
export interface ClaimConflict extends Conflict {
  /** The other task. */
  readonly taskId: string;
  readonly mine: Claim;
  readonly theirs: Claim;
}

/** A path, with all claims on it. */
export interface ClaimedPath {
  /** Where exactly the same claims match several paths: the first of them. */
  readonly path: string;
  /** How many paths that is. */
  readonly files: number;
  readonly claims: ReadonlySet<TaskClaim>;
}

/** Options of {@link ClaimTable.hotFiles}. */
export interface HotFilesOptions {
  /** Count the files that patterns match here, too. @default only paths that a claim names */
  readonly tree?: FileTree;
  /** Tasks to leave out. */
  readonly except?: ReadonlySet<string>;
}

/** A claim in the table. */
interface Entry {
  readonly own: TaskClaim;
  readonly node: Node;
  /** The position of the claim among those of its task. */
  readonly at: number;
}

interface Node extends ClaimNode {
  readonly list: PatternList;
  conflicts: readonly NodeConflict[];
  /** In the order in which they came. */
  entries: Entry[];
}

/**
 * The claims of tasks: which tasks conflict, and on which paths? Analysis, edit session, advice and schedule all ask such
 * a table.
 *
 * A claim is compared with the others once, when it is added. Equal claims are one node: a file that a thousand tasks
 * claim is a node that conflicts with itself, not half a million pairs. Two nodes that conflict each have a record of it,
 * so n different patterns that all overlap take n × n records, at some hundred bytes each.
 *
 * A claim whose pattern begins with `!` subtracts from the claims of its task that are added with it.
 */
export class ClaimTable {
  readonly #index = new ScopeIndex<Node>();
  readonly #byTask = new Map<string, readonly Entry[]>();
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
    const entries = scopesOf(claims).map(([claim, list], at): Entry => {
      const entry = { own: { taskId, claim }, node: this.#nodeOf(claim, list), at: before.length + at };
      entry.node.entries.push(entry);
      return entry;
    });
    this.#byTask.set(taskId, before.length === 0 ? entries : [...before, ...entries]);
  }

  /**
   * Removes the task, and with it each node whose claim no other task has. Such a node must not be used any more.
   *
   * @returns whether the task was there
   */
  remove(taskId: string): boolean {
    for (const entry of this.#byTask.get(taskId) ?? []) {
      const { node } = entry;
      node.entries = node.entries.filter((other) => other !== entry);
      if (node.entries.length === 0) this.#drop(node);
    }
    return this.#byTask.delete(taskId);
  }

  /** What the task claims, in the order of its claims; nothing for a task that is not in the table. */
  claimsOf(taskId: string): readonly TaskClaim[] {
    return (this.#byTask.get(taskId) ?? []).map(({ own }) => own);
  }

  /** The nodes of the claims of a task, in the order of its claims, each once. */
  nodesOf(taskId: string): readonly ClaimNode[] {
    return unique((this.#byTask.get(taskId) ?? []).map(({ node }) => node));
  }

  /**
   * The nodes of these claims, in their order, each once, made where the table has none: for claims that a task may get
   * later. They stay in the table, and belong to no task.
   *
   * @throws PwtError as `parsePattern`; then nothing was added.
   */
  nodesFor(claims: readonly Claim[]): readonly ClaimNode[] {
    return unique(scopesOf(claims).map(([claim, list]) => this.#nodeOf(claim, list)));
  }

  /**
   * Every claim of another task that conflicts with a claim of this one, or possibly does. Each pair once: in the order of
   * this task's claims, then in the order of the other's. O(result).
   */
  conflictsOf(taskId: string): readonly ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const { own: mine, node } of this.#byTask.get(taskId) ?? []) {
      const found: (ClaimConflict & { readonly at: number })[] = [];
      for (const { node: other, relation, kind, witness, against } of node.conflicts) {
        for (const { own: theirs, at } of (other as Node).entries) {
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
   * As {@link conflictsOf}, for claims that are not in the table. O(claims × branches they can match + result).
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
        for (const { own } of node.entries) {
          if (own.taskId === except) continue;
          conflicts.push({ taskId: own.taskId, mine: scope[0], theirs: own.claim, ...conflict });
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

  /** All claims on this path. */
  claimsAt(path: string): readonly TaskClaim[] {
    return [...this.#index.ownersAt(path)].flatMap(({ entries }) => entries.map(({ own }) => own));
  }

  /**
   * The paths on which at least two tasks have claims that conflict, those with the most claims first. Each is one path
   * with all its claims, never a set of pairs. See `ScopeIndex.commonPaths`.
   */
  hotFiles({ tree, except }: HotFilesOptions = {}): readonly ClaimedPath[] {
    const entriesOf = ({ entries }: Node) =>
      except ? entries.filter(({ own }) => !except.has(own.taskId)) : entries;
    return this.#index
      .commonPaths({
        ...(tree ? { tree } : {}),
        weightOf: (node) => entriesOf(node).length,
        mayShare: (node) => entriesOf(node).length > 1 || node.conflicts.some((other) => other.node !== node),
      })
      .map(({ path, files, owners }) => ({
        path,
        files,
        claims: new Set([...owners].flatMap(entriesOf).map(({ own }) => own)),
      }))
      .filter(({ claims }) => conflictingAmong(claims).length > 0)
      .sort((a, b) => b.claims.size - a.claims.size || (a.path < b.path ? -1 : 1));
  }

  #nodeOf(claim: Claim, list: PatternList): Node {
    for (const known of this.#index.ownersOf(list) ?? []) if (isAlike(claim, known.claim)) return known;
    const node: Node = { id: this.#nextId, claim, list, conflicts: [], entries: [] };
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

/** Most nodes conflict with themselves alone. A list made with its one element takes a tenth of one that grew to it. */
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
