import { dirname, join, normalize } from 'node:path';

/**
 * The cycles between the folders of a package. A folder may use those inside it, and they may use it: they are part of
 * it. A file at the top is in none.
 *
 * @param {readonly {path: string, text: string}[]} files Relative to the sources of the package.
 * @returns {string[]} each cycle as `a → b → a`, with a file for each arrow
 */
export function folderCycles(files) {
  /** @type {Map<string, Map<string, string>>} */
  const arrows = new Map();
  for (const { path, text } of files) {
    for (const imported of importsOf(path, text)) {
      const [from, to] = [dirname(path), dirname(imported)];
      if (from === '.' || to === '.' || isInside(from, to) || isInside(to, from)) continue;
      const known = arrows.get(from) ?? new Map();
      arrows.set(from, known.set(to, known.get(to) ?? path));
    }
  }
  const seen = new Set();
  return [...arrows.keys()].flatMap((folder) => {
    const cycle = cycleThrough(folder, arrows);
    const key = [...(cycle ?? [])].sort().join();
    if (cycle === undefined || seen.has(key)) return [];
    seen.add(key);
    return [cycleText(cycle, arrows)];
  });
}

/**
 * @param {readonly string[]} cycle
 * @param {ReadonlyMap<string, ReadonlyMap<string, string>>} arrows
 */
function cycleText(cycle, arrows) {
  const steps = cycle.map((folder, at) => {
    const next = cycle[at + 1] ?? cycle[0] ?? '';
    return `${next} (${arrows.get(folder)?.get(next)})`;
  });
  return [cycle[0], ...steps].join(' → ');
}

/**
 * The shortest way from a folder back to it.
 *
 * @param {string} start
 * @param {ReadonlyMap<string, ReadonlyMap<string, string>>} arrows
 * @returns {string[] | undefined}
 */
function cycleThrough(start, arrows) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const next of arrows.get(way.at(-1) ?? '')?.keys() ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** @param {string} path @param {string} text */
function importsOf(path, text) {
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(([, specifier = '']) =>
    normalize(join(dirname(path), specifier)),
  );
}

/** @param {string} inner @param {string} outer */
function isInside(inner, outer) {
  return `${inner}/`.startsWith(`${outer}/`);
}
