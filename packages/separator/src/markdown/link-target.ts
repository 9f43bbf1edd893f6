/** A link target with its percent-encoding taken out. */
export function decodeTarget(target: string): string {
  if (!target.includes('%')) return target;
  try {
    return decodeURIComponent(target);
  } catch {
    return target; // a stray percent sign: the target stands as it is written
  }
}

/**
 * The path from the root that a link in a document of `folder` means: `../../src/a.ts` and `./a.ts` start at
 * the document, `/src/a.ts` at the root, as code hosts show them. A target that leaves the root stays as it is;
 * so does `src/a.ts`, which most specs mean from the root.
 */
export function rebase(target: string, folder: string): string {
  if (/^\/[^/]/.test(target)) return target.slice(1);
  if (!/^\.{1,2}\//.test(target)) return target;
  const names = folder === '' ? [] : folder.split('/');
  for (const name of target.split('/')) {
    if (name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return target;
  }
  return names.join('/');
}
