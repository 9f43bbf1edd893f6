import type { Work } from './limits.js';
import { matchesAlternative } from './match.js';
import { commonPath } from './overlap.js';
import type { Alternative, Item } from './pattern.js';
import { matchName } from './segment.js';

/** One brace-free reading of the pattern of `entry`. */
export interface Placement<E> {
  readonly entry: E;
  readonly alternative: Alternative;
}

/** A name on the way to readings. Most nodes are the end of one path, so they hold nothing that is not needed. */
interface Node<E> {
  children: Map<string, Node<E>> | undefined;
  /** Literal readings that end here: one, as a rule, since equal patterns are one entry. */
  exact: Placement<E>[] | undefined;
  /** Readings whose literal beginning ends here, by their last name where that is literal, else under `''`. */
  globs: Map<string, Set<Placement<E>>> | undefined;
}

/** Called for each reading met, with a shortest path that it shares with the query. An entry may come up repeatedly. */
export type OnOverlap<E> = (entry: E, witness: string) => void;

/** Called for each literal path with its own readings and the sets of those that may match it, too. */
export type OnLiteral<E> = (
  path: string,
  own: readonly Placement<E>[],
  others: readonly ReadonlySet<Placement<E>>[],
) => void;

/**
 * Readings of patterns by their literal beginning. A query walks only branches that it can match itself,
 * and compares itself only with readings that hang there.
 */
export class PatternTrie<E> {
  readonly #root: Node<E> = makeNode();
  #size = 0;
  /** All readings by their last name where that is literal, else under `''`; built by the first query that needs it. */
  #byLastName: Map<string, Set<Placement<E>>> | undefined;

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  /** O(length of the alternatives). */
  add(entry: E, alternatives: readonly Alternative[]): void {
    this.#size += 1;
    for (const alternative of alternatives) {
      const placement = { entry, alternative };
      if (this.#byLastName) addTo(this.#byLastName, lastName(placement.alternative), placement);
      let node = this.#root;
      for (const name of placement.alternative.prefixNames) node = childOf(node, name);
      if (placement.alternative.literal !== undefined) {
        if (node.exact) node.exact.push(placement);
        else node.exact = [placement];
      } else {
        node.globs ??= new Map();
        addTo(node.globs, lastName(placement.alternative), placement);
      }
    }
  }

  /**
   * Takes an entry out that was added with these alternatives. Leaves no empty branch behind.
   * O(length of the alternatives + readings at their places).
   */
  delete(entry: E, alternatives: readonly Alternative[]): void {
    this.#size -= 1;
    for (const alternative of alternatives) this.#detach(entry, alternative);
  }

  /** Every entry with a reading that matches this path. O(depth + readings hanging on the way). */
  matching(path: string, onMatch: (entry: E) => void): void {
    const names = path.split('/');
    const last = names[names.length - 1] as string;
    let node: Node<E> | undefined = this.#root;
    for (let depth = 0; node; depth++) {
      for (const key of node.globs ? [last, ''] : []) {
        for (const { entry, alternative } of node.globs?.get(key) ?? []) {
          if (matchesAlternative(alternative, path)) onMatch(entry);
        }
      }
      if (depth === names.length) {
        for (const { entry } of node.exact ?? []) onMatch(entry);
        return;
      }
      node = node.children?.get(names[depth] as string);
    }
  }

  /**
   * Every literal path with the readings that are it, and those with wildcards that may match it: they begin
   * like it and end in its last name or in a wildcard. One walk over all branches.
   */
  eachLiteral(visit: OnLiteral<E>): void {
    visitLiterals(this.#root, [], visit);
  }

  /** Every entry with a reading that overlaps the query. */
  overlapping(query: Alternative, work: Work, onOverlap: OnOverlap<E>): void {
    const { literal } = query;
    const last = lastName(query);
    if (literal !== undefined) this.matching(literal, (entry) => onOverlap(entry, literal));
    else if (query.items[0] === '**' && last !== '') {
      // `**/package.json` would walk every branch; most readings end in another name.
      const byLastName = this.#indexByLastName();
      for (const key of [last, '']) this.#meet(byLastName.get(key), query, work, onOverlap);
    } else this.#descend(this.#root, '', query, reach(query.items, [0]), work, onOverlap);
  }

  /**
   * Every reading that is a file where the query needs a directory, or the other way round, both spelled out
   * in literal names. O(depth + readings found).
   */
  conflicting(query: Alternative, onConflict: (placement: Placement<E>) => void): void {
    let node: Node<E> | undefined = this.#root;
    const { literal, prefixNames } = query;
    for (const [at, name] of prefixNames.entries()) {
      node = node.children?.get(name);
      if (!node) return;
      if (literal !== undefined && at === prefixNames.length - 1) break;
      for (const placement of node.exact ?? []) onConflict(placement);
    }
    if (literal === undefined) return;
    for (const placements of node.globs?.values() ?? []) {
      for (const placement of placements) onConflict(placement);
    }
    for (const child of node.children?.values() ?? []) eachBelow(child, onConflict);
  }

  #indexByLastName(): ReadonlyMap<string, Set<Placement<E>>> {
    if (!this.#byLastName) {
      const byLastName = new Map<string, Set<Placement<E>>>();
      eachBelow(this.#root, (placement) => addTo(byLastName, lastName(placement.alternative), placement));
      this.#byLastName = byLastName;
    }
    return this.#byLastName;
  }

  #meet(
    placements: ReadonlySet<Placement<E>> | undefined,
    query: Alternative,
    work: Work,
    onOverlap: OnOverlap<E>,
  ): void {
    for (const { entry, alternative } of placements ?? []) {
      const witness = commonPath(query, alternative, work);
      if (witness !== undefined) onOverlap(entry, witness);
    }
  }

  #descend(
    node: Node<E>,
    path: string,
    query: Alternative,
    positions: readonly number[],
    work: Work,
    onOverlap: OnOverlap<E>,
  ): void {
    work.steps++;
    const { items } = query;
    if (positions.includes(items.length)) for (const { entry } of node.exact ?? []) onOverlap(entry, path);
    if (positions.every((position) => position === items.length)) return;
    const wanted = lastName(query);
    for (const [key, placements] of node.globs ?? []) {
      if (wanted === '' || key === '' || key === wanted) this.#meet(placements, query, work, onOverlap);
    }
    const below = (name: string, child: Node<E>) => {
      const next = advance(items, positions, name);
      if (next.length > 0) {
        this.#descend(child, path === '' ? name : `${path}/${name}`, query, next, work, onOverlap);
      }
    };
    const only = positions.length === 1 ? items[positions[0] as number] : undefined;
    if (only !== undefined && only !== '**' && only.literal !== undefined) {
      const child = node.children?.get(only.literal);
      if (child) below(only.literal, child);
    } else {
      for (const [name, child] of node.children ?? []) below(name, child);
    }
  }

  #detach(entry: E, alternative: Alternative): void {
    const { prefixNames, literal } = alternative;
    const last = lastName(alternative);
    const path: Node<E>[] = [this.#root];
    for (const name of prefixNames) {
      const child = path.at(-1)?.children?.get(name);
      if (!child) return;
      path.push(child);
    }
    const node = path.at(-1) as Node<E>;
    const placed = literal !== undefined ? node.exact : node.globs?.get(last);
    for (const placement of placed ?? []) {
      if (placement.entry !== entry) continue;
      if (this.#byLastName) removeFrom(this.#byLastName, last, placement);
      if (literal !== undefined) node.exact = node.exact?.filter((other) => other !== placement);
      else if (node.globs) removeFrom(node.globs, last, placement);
    }
    for (let depth = prefixNames.length; depth > 0; depth--) {
      const { children, exact, globs } = path[depth] as Node<E>;
      if (children?.size || exact?.length || globs?.size) return;
      path[depth - 1]?.children?.delete(prefixNames[depth - 1] as string);
    }
  }
}

function makeNode<E>(): Node<E> {
  return { children: undefined, exact: undefined, globs: undefined };
}

function childOf<E>(node: Node<E>, name: string): Node<E> {
  node.children ??= new Map();
  let child = node.children.get(name);
  if (!child) {
    child = makeNode();
    node.children.set(name, child);
  }
  return child;
}

function lastName(alternative: Alternative): string {
  const { literal } = alternative;
  if (literal !== undefined) return literal.slice(literal.lastIndexOf('/') + 1);
  const last = alternative.items[alternative.items.length - 1];
  return last === undefined || last === '**' ? '' : (last.literal ?? '');
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function removeFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}

/** Positions from which a `**` may also be passed over. */
function reach(items: readonly Item[], positions: readonly number[]): number[] {
  const all = new Set<number>(positions);
  for (const position of all) if (items[position] === '**') all.add(position + 1);
  return [...all];
}

/** Where in the items one may stand after one more name. */
function advance(items: readonly Item[], positions: readonly number[], name: string): number[] {
  const next: number[] = [];
  for (const position of positions) {
    const item = items[position];
    if (item === '**') next.push(position);
    else if (item !== undefined && matchName(item, name)) next.push(position + 1);
  }
  return reach(items, next);
}

function eachBelow<E>(node: Node<E>, visit: (placement: Placement<E>) => void): void {
  for (const placement of node.exact ?? []) visit(placement);
  for (const placements of node.globs?.values() ?? []) {
    for (const placement of placements) visit(placement);
  }
  for (const child of node.children?.values() ?? []) eachBelow(child, visit);
}

function visitLiterals<E>(
  node: Node<E>,
  above: readonly ReadonlyMap<string, ReadonlySet<Placement<E>>>[],
  visit: OnLiteral<E>,
): void {
  const globs = node.globs ? [...above, node.globs] : above;
  const [first] = node.exact ?? [];
  if (first && node.exact) {
    const others: ReadonlySet<Placement<E>>[] = [];
    for (const byName of globs) {
      const [named, open] = [byName.get(lastName(first.alternative)), byName.get('')];
      if (named) others.push(named);
      if (open) others.push(open);
    }
    visit(first.alternative.literal as string, node.exact, others);
  }
  for (const child of node.children?.values() ?? []) visitLiterals(child, globs, visit);
}
