import type { Claim, Diagnostic, TaskClaims } from '@pwt/core';
import { expand, FileTree } from '@pwt/scope';
import { literalPath } from './paths/literal-path.js';
import type { TreeIndex } from './paths/tree-index.js';

/**
 * What looks wrong about claims although they can be used: a file to be changed that does not exist and that
 * no task creates, a pattern that matches nothing. All of severity `info`.
 */
export function checkClaims(claims: readonly TaskClaims[], tree: TreeIndex): readonly Diagnostic[] {
  const created = FileTree.from(
    claims.flatMap((task) =>
      task.claims.filter(makesFile).flatMap((claim) => literalPath(claim.pattern) ?? []),
    ),
  );
  return claims.flatMap(({ taskId, claims: own }) =>
    own.flatMap((claim) => {
      const found = problemWith(claim, created, tree);
      return found ? [{ ...found, severity: 'info', taskId, ...claim.place } as const] : [];
    }),
  );
}

function makesFile({ mode }: Claim): boolean {
  return mode === 'create' || mode === 'rename';
}

function problemWith(
  { pattern, mode, rule }: Claim,
  created: FileTree,
  tree: TreeIndex,
): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined {
  if (rule === 'unknown-scope' || mode === 'create' || mode === 'rename' || pattern.startsWith('!'))
    return undefined;
  const literal = literalPath(pattern);
  if (literal !== undefined) {
    if (tree.hasFile(literal) || created.has(literal)) return undefined;
    return {
      code: 'PWT_PATH_MISSING',
      message: `"${literal}" does not exist, and no task creates it.`,
      hint: 'Correct the path, or say that the task creates it.',
    };
  }
  if (tree.widthOf(pattern) > 0 || expand(pattern, created).length > 0) return undefined;
  return {
    code: 'PWT_GLOB_EMPTY',
    message: `"${pattern}" matches no file.`,
    hint: 'Correct the pattern, or name the new files.',
  };
}
