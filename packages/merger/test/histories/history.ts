import fc from 'fast-check';
import { type Edit, edited, firstTree, joinedByHand, LineNames, type Tree } from './tree.js';

/** A commit of a made-up history, or one that the merger has made of it. */
export interface Node {
  readonly parents: readonly Node[];
  /** Of a commit of the merger's: as it was read. */
  tree: Tree;
}

/** Commits in an order in which parents come first, the one on which work is joined, and the work in its order. */
export interface History {
  readonly nodes: readonly Node[];
  readonly tip: Node;
  readonly tasks: readonly Node[];
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom<Edit['kind'][]>(
    ...['edit', 'edit', 'edit', 'insert', 'insert', 'cut', 'add', 'add', 'delete', 'rename', 'rename'].map(
      (kind) => kind as Edit['kind'],
    ),
    ...(['rename-folder', 'swap', 'chmod', 'chmod'] as const),
  ),
  which: fc.nat(1000),
  where: fc.nat(1000),
});

const commit = fc.record({
  parent: fc.nat(1000),
  /** A second parent; so criss-crosses come about. */
  merged: fc.option(fc.nat(1000), { freq: 3 }),
  edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
});

/** Random histories of one root: adds, edits, deletes, renames, modes, merges, criss-crosses. */
export const histories: fc.Arbitrary<History> = fc
  .record({
    files: fc.integer({ min: 3, max: 10 }),
    commits: fc.array(commit, { minLength: 3, maxLength: 8 }),
    tip: fc.nat(1000),
    tasks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 2 }),
  })
  .map(({ files, commits, tip, tasks }) => {
    const names = new LineNames();
    const nodes: Node[] = [{ parents: [], tree: firstTree(names, files) }];
    for (const { parent, merged, edits } of commits)
      nodes.push(grown(nodes, { parent, merged, edits }, names));
    const chosen = nodes[nodes.length - 1 - (tip % Math.min(4, nodes.length))] as Node;
    // Mostly work that is not there yet.
    const open = nodes.filter((node) => !contains(chosen, node));
    const pick = (index: number) =>
      (open.length > 0 && index % 10 > 0 ? open : nodes)[index % open.length] ?? chosen;
    return { nodes, tip: chosen, tasks: tasks.map((task) => pick(task)) };
  });

function grown(
  nodes: readonly Node[],
  { parent, merged, edits }: { parent: number; merged: number | null; edits: readonly Edit[] },
  names: LineNames,
): Node {
  // Rather the young ones, so that lines of some length come about, side by side.
  const pick = (index: number) => nodes[nodes.length - 1 - (index % Math.min(4, nodes.length))] as Node;
  const first = pick(parent);
  const second = merged === null ? first : pick(merged);
  const isMerge = !contains(first, second) && !contains(second, first);
  const [base] = isMerge ? mergeBasesOf(first, second) : [];
  const start = base === undefined ? first.tree : joinedByHand(base.tree, first.tree, second.tree);
  const tree = edits.reduce((before, one) => edited(before, one, names), start);
  return { parents: isMerge ? [first, second] : [first], tree };
}

/** The commit and all that it contains. */
export function ancestorsOf(node: Node): Set<Node> {
  const found = new Set<Node>();
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...next.parents);
  }
  return found;
}

export function contains(descendant: Node, ancestor: Node): boolean {
  return ancestorsOf(descendant).has(ancestor);
}

/** The common ancestors that no other common ancestor contains. */
export function mergeBasesOf(one: Node, other: Node): Node[] {
  const theirs = ancestorsOf(other);
  const common = [...ancestorsOf(one)].filter((node) => theirs.has(node));
  return common.filter((node) => !common.some((later) => later !== node && contains(later, node)));
}
