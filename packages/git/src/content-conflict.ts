import type { ConflictNote, ConflictStage } from './merge-tree.js';

/** What a merge says of its conflicts. */
interface Conflicts {
  readonly paths: readonly string[];
  readonly stages: readonly ConflictStage[];
  readonly notes: readonly ConflictNote[];
}

/** Base, ours and theirs of a file, where its contents are all that conflicts in it; `undefined` otherwise. */
export function contentConflict(
  { stages, notes }: Conflicts,
  path: string,
): readonly [base: ConflictStage, ours: ConflictStage, theirs: ConflictStage] | undefined {
  const about = notes.filter((note) => note.paths.includes(path));
  if (about.some(({ type, paths }) => type !== 'CONFLICT (contents)' || paths.length > 1)) return undefined;
  const own = stages.filter((one) => one.path === path && one.mode.startsWith('100'));
  const [base, ours, theirs] = ([1, 2, 3] as const).map((stage) => own.find((one) => one.stage === stage));
  return base && ours && theirs ? [base, ours, theirs] : undefined;
}

/** The same without some paths; `undefined` if nothing is left. */
export function withoutPaths<T extends Conflicts>(conflict: T, gone: ReadonlySet<string>): T | undefined {
  const isLeft = (path: string) => !gone.has(path);
  const paths = conflict.paths.filter(isLeft);
  const notes = conflict.notes.filter((note) => note.paths.some(isLeft));
  if (paths.length + notes.length === 0) return undefined;
  return { ...conflict, paths, notes, stages: conflict.stages.filter(({ path }) => isLeft(path)) };
}
