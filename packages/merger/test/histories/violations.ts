import type { Node } from './history.js';
import { isSame, type Tree } from './tree.js';

/** The inputs of a join, and what came out. */
export interface Join {
  readonly ours: Tree;
  readonly theirs: Tree;
  /** One, or several after a criss-cross. */
  readonly bases: readonly Node[];
  readonly result: Tree;
}

/**
 * What is wrong with a join, by a model of its own that knows lines and paths and nothing of git: no line of either side
 * is lost, none comes out of nothing, none that a side has taken out is back, and a path that only one side has changed
 * is as that side has it. Where a side has renamed a file that the other has changed, the lines alone decide.
 */
export function violationsOf({ ours, theirs, bases, result }: Join): string[] {
  const baseTrees = bases.map(({ tree }) => tree);
  return [
    ...lineViolations(ours, theirs, baseTrees, result),
    ...pathViolations(ours, theirs, baseTrees, result),
  ];
}

function lineViolations(ours: Tree, theirs: Tree, bases: readonly Tree[], result: Tree): string[] {
  const [inOurs, inTheirs, inResult] = [linesOf(ours), linesOf(theirs), linesOf(result)];
  const inBases = bases.map(linesOf);
  const doubled = new Set([ours, theirs, ...bases].flatMap(doubledIn));
  const found: string[] = [];
  for (const line of new Set([...inOurs.keys(), ...inTheirs.keys(), ...inResult.keys()])) {
    const [here, there] = [inOurs.has(line), inTheirs.has(line)];
    const isKnown = inBases.some((base) => base.has(line));
    const isOld = inBases.every((base) => base.has(line));
    const is = inResult.has(line);
    if (here && there && !is) found.push(`lost, although both sides have it: ${line}`);
    if (!here && !there && is) found.push(`of neither side: ${line}`);
    if (here !== there && !isKnown && !is) found.push(`lost, although one side has added it: ${line}`);
    const file = inOurs.get(line) ?? inTheirs.get(line);
    const remover = here ? inTheirs : inOurs;
    // Where the whole file is gone from that side, paths decide; so they do where a hand-made merge has doubled it.
    const isOnce = file !== undefined && remover.has(file) && !doubled.has(file);
    const isCut = here !== there && isOld && isOnce;
    if (isCut && is) found.push(`back, although one side has taken it out: ${line}`);
  }
  return found;
}

/** The lines of a tree, each with the first line of the file that it is in. */
function linesOf(tree: Tree): Map<string, string> {
  return new Map([...tree.values()].flatMap(({ lines }) => lines.map((line) => [line, lines[0] ?? ''])));
}

/** The first lines of files that are there under more than one name. */
function doubledIn(tree: Tree): string[] {
  const firsts = [...tree.values()].map(({ lines }) => lines[0] ?? '');
  return firsts.filter((first, index) => firsts.indexOf(first) !== index);
}

function pathViolations(ours: Tree, theirs: Tree, bases: readonly Tree[], result: Tree): string[] {
  const paths = new Set([ours, theirs, result, ...bases].flatMap((tree) => [...tree.keys()]));
  const found: string[] = [];
  for (const path of paths) {
    const isKept = (side: Tree) => bases.every((base) => isSame(base.get(path), side.get(path)));
    const [keptByUs, keptByThem] = [isKept(ours), isKept(theirs)];
    if (!keptByUs && !keptByThem) continue;
    const right = keptByThem ? ours.get(path) : theirs.get(path);
    if (isSame(result.get(path), right)) continue;
    if (isRenamed(path, [ours, theirs], bases)) continue;
    found.push(`not as the one side has it that has changed it: ${path}`);
  }
  return found;
}

/** True if a side has a file under this name that a base has under another. */
function isRenamed(path: string, sides: readonly Tree[], bases: readonly Tree[]): boolean {
  return sides.some((side) => {
    const first = side.get(path)?.lines[0];
    const isElsewhere = (base: Tree) =>
      base.get(path)?.lines[0] !== first && [...base.values()].some(({ lines }) => lines[0] === first);
    return first !== undefined && bases.some(isElsewhere);
  });
}
