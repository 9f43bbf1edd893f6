import type { Claim } from '@pwt/core';
import { expand, type FileTree } from '@pwt/scope';
import { literalPath } from '../paths/literal-path.js';

/** Patterns that match more files than this are listed as themselves. */
const MOST_FILES = 200;

/** The files that claims to change something stand for; sorted, each once. */
export function filesOfTask(claims: readonly Claim[], files: FileTree): readonly string[] {
  const found = new Set<string>();
  const excluded = claims.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('!'));
  for (const { pattern, mode, confidence } of claims) {
    if (mode === 'read' || confidence === 'possible' || pattern.startsWith('!')) continue;
    for (const path of filesOf(pattern, excluded, files)) found.add(path);
  }
  return [...found].sort();
}

function filesOf(pattern: string, excluded: readonly string[], files: FileTree): readonly string[] {
  if (pattern === '**') return [pattern];
  const literal = literalPath(pattern);
  if (literal !== undefined) return [literal];
  const matched = expand([pattern, ...excluded], files);
  return matched.length > 0 && matched.length <= MOST_FILES ? matched : [pattern];
}
