import { hasCode, type MergeStrategy } from '@pwt/core';
import type { GitMerger } from '../../src/git-merger.js';
import { contains, type History, mergeBasesOf, type Node } from './history.js';
import type { Tree } from './tree.js';
import { violationsOf } from './violations.js';

/** A way to put work onto the tip; `replay` is how it is put onto a target that was rewritten. */
export type Way = MergeStrategy | 'replay';
export const WAYS: readonly Way[] = ['merge', 'squash', 'rebase', 'replay'];

/** One join that the merger has made, or has not. */
export interface Join {
  readonly way: Way;
  readonly history: History;
  readonly onto: string;
  readonly task: string;
  readonly ours: Node;
  readonly theirs: Node;
  /** `unsound`: git's merge was not taken. */
  readonly outcome: 'merged' | 'contained' | 'conflicted' | 'unsound';
  /** What was made: the commit, and its place in the model. */
  readonly made?: { readonly commit: string; readonly parents: readonly string[]; readonly node: Node };
  /** The tree that was not taken. */
  readonly refused?: string;
}

/** Puts all work of a history onto its tip, one piece on top of the other. */
export async function joinAll(
  merger: GitMerger,
  { runId, history, way }: { readonly runId: string; readonly history: History; readonly way: Way },
  ids: ReadonlyMap<Node, string>,
): Promise<Join[]> {
  const joins: Join[] = [];
  let ours = history.tip;
  let onto = ids.get(ours) ?? '';
  for (const [index, theirs] of history.tasks.entries()) {
    const task = ids.get(theirs) ?? '';
    const subject = { kind: 'tasks', taskIds: [`${way}-${index}`] } as const;
    const request = { runId, subject, onto, commit: task, message: `task ${index}` };
    const outcome = await (way === 'replay'
      ? merger.replay({ ...request, over: ids.get(history.tip) ?? '' })
      : merger.integrate({ ...request, strategy: way })
    ).catch((error: unknown) => {
      if (hasCode(error, 'PWT_MERGE_UNSOUND'))
        return { status: 'unsound', tree: String(error.data?.tree) } as const;
      throw error;
    });
    const refused = outcome.status === 'unsound' ? { refused: outcome.tree } : {};
    const join = { way, history, onto, task, ours, theirs, outcome: outcome.status, ...refused };
    if (outcome.status !== 'merged') {
      joins.push(join);
      continue;
    }
    const { commit } = outcome;
    const isMerge = way === 'merge';
    const node: Node = { parents: isMerge ? [ours, theirs] : [ours], tree: new Map() };
    joins.push({ ...join, made: { commit, node, parents: isMerge ? [onto, task] : [onto] } });
    ours = node;
    onto = commit;
  }
  return joins;
}

/** What is wrong with a join, the tree that came out being known. */
export function violationsOfJoin(join: Join, result: Tree): string[] {
  const { way, history, ours, theirs, outcome } = join;
  // A replay puts on what the work has changed since its merge base with the tip as it was first: one of them.
  const bases = mergeBasesOf(way === 'replay' ? history.tip : ours, theirs);
  if (outcome === 'merged' || outcome === 'unsound') {
    const found = (some: readonly Node[]) =>
      violationsOf({ ours: ours.tree, theirs: theirs.tree, bases: some, result });
    if (way !== 'replay') return found(bases);
    const each = bases.map((base) => found([base]));
    return each.find((one) => one.length === 0) ?? each[0] ?? [];
  }
  if (outcome === 'contained') {
    // Where nothing tells that the work is there but its content, joining it changes nothing.
    if (contains(ours, theirs)) return [];
    return way === 'merge'
      ? ['contained, although it is not']
      : violationsOf({ ours: ours.tree, theirs: theirs.tree, bases, result: ours.tree });
  }
  const isNeedless = bases.every(({ tree }) => areApart(tree, ours.tree, theirs.tree));
  return isNeedless ? ['a conflict, although the two sides have changed other paths'] : [];
}

/** True if the two sides have changed other paths, and have renamed nothing. */
function areApart(base: Tree, ours: Tree, theirs: Tree): boolean {
  const [here, there] = [changedPaths(base, ours), changedPaths(base, theirs)];
  return here !== undefined && there !== undefined && ![...here].some((path) => there.has(path));
}

/** `undefined` if something was renamed. */
function changedPaths(base: Tree, side: Tree): Set<string> | undefined {
  const placesIn = (tree: Tree) => new Map([...tree].map(([path, { lines }]) => [lines[0], path]));
  const before = placesIn(base);
  for (const [first, path] of placesIn(side)) if ((before.get(first) ?? path) !== path) return undefined;
  const paths = new Set([...base.keys(), ...side.keys()]);
  const said = (tree: Tree, path: string) => JSON.stringify(tree.get(path));
  return new Set([...paths].filter((path) => said(base, path) !== said(side, path)));
}
