import type { Claim } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { expand, literalPath } from '@pwt/scope';

/** The files that the claims of a task change; sorted, each once. A pattern that matches very many files, or none, is listed itself. */
export function filesOfTask(claims: readonly Claim[], tree: FileTree): readonly string[] {
  const found = new Set<string>();
  const excluded = claims.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('!'));
  for (const { pattern, mode, confidence } of claims) {
    if (mode === 'read' || confidence === 'possible' || pattern.startsWith('!')) continue;
    for (const path of filesOf(pattern, excluded, tree)) found.add(path);
  }
  return [...found].sort();
}

function filesOf(pattern: string, excluded: readonly string[], tree: FileTree): readonly string[] {
  if (pattern === '**') return [pattern];
  const literal = literalPath(pattern);
  if (literal !== undefined) return [literal];
  const matching = tree.filesMatching(pattern);
  const matched = matching && excluded.length > 0 ? expand([pattern, ...excluded], tree) : (matching ?? []);
  return matched.length > 0 ? matched : [pattern];
}
