import type { Claim, Diagnostic, TaskClaims } from '@pwt/core';
import { expand, FileTree, literalPath } from '@pwt/scope';

/**
 * Reports claims that can be used but look wrong: a file to change that does not exist and that no task creates, a pattern
 * that matches nothing. All of severity `info`.
 */
export function checkClaims(claims: readonly TaskClaims[], tree: FileTree): readonly Diagnostic[] {
  const created = new CreatedFiles(claims);
  const diagnostics: Diagnostic[] = [];
  for (const { taskId, claims: own } of claims) {
    for (const claim of own) {
      const found = problemWith(claim, created, tree);
      if (found) diagnostics.push({ ...found, severity: 'info', taskIds: [taskId], ...claim.place });
    }
  }
  return diagnostics;
}

/** The files that some task creates. */
class CreatedFiles {
  readonly #paths = new Set<string>();
  #tree: FileTree | undefined;

  constructor(claims: readonly TaskClaims[]) {
    for (const task of claims) {
      for (const claim of task.claims) {
        const path = makesFile(claim) ? literalPath(claim.pattern) : undefined;
        if (path !== undefined) this.#paths.add(path);
      }
    }
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  match(pattern: string): boolean {
    this.#tree ??= FileTree.from(this.#paths);
    return expand(pattern, this.#tree).length > 0;
  }
}

function makesFile({ mode }: Claim): boolean {
  return mode === 'create' || mode === 'rename';
}

function problemWith(
  { pattern, mode, rule }: Claim,
  created: CreatedFiles,
  tree: FileTree,
): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined {
  if (rule === 'unknown-scope' || mode === 'create' || mode === 'rename' || pattern.startsWith('!'))
    return undefined;
  const literal = literalPath(pattern);
  if (literal !== undefined) {
    if (tree.has(literal) || created.has(literal)) return undefined;
    return {
      code: 'PWT_PATH_MISSING',
      message: `"${literal}" does not exist, and no task creates it.`,
      hint: 'Correct the path, or say that the task creates it.',
    };
  }
  if (tree.widthOf(pattern) > 0 || created.match(pattern)) return undefined;
  return {
    code: 'PWT_GLOB_EMPTY',
    message: `"${pattern}" matches no file.`,
    hint: 'Correct the pattern, or name the new files.',
  };
}
