import type { ConflictedPath } from '@pwt/core';
import type { MergeTreeOutcome } from './merge-tree.js';

/** The paths of a merge that conflicts, each with the kind of its conflict. */
export function conflictedPaths({
  paths,
  stages,
  notes,
}: Extract<MergeTreeOutcome, { status: 'conflicted' }>): ConflictedPath[] {
  const inBase = new Set(stages.filter(({ stage }) => stage === 1).map(({ path }) => path));
  return paths.map((path) => {
    const note = notes.find((candidate) => candidate.paths.includes(path));
    return note === undefined ? { path } : { path, kind: kindOf(note.type, inBase.has(path)) };
  });
}

/**
 * `CONFLICT (modify/delete)` is kind `modify/delete`. For git, edits of the same lines are `contents`, even if both
 * sides add the file; its porcelain prints `content` and `add/add`.
 */
function kindOf(type: string, isInBase: boolean): string {
  const kind = /^CONFLICT \((.*)\)$/.exec(type)?.[1] ?? type;
  if (kind !== 'contents') return kind;
  return isInBase ? 'content' : 'add/add';
}
