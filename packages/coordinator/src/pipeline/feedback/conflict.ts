import { type Claim, type ConflictedPath, type RunState, type TaskState, textAtLine } from '@pwt/core';
import { matches } from '@pwt/scope';
import { inline } from './quote.js';

/** So many paths, and so many lines of a spec for each, are told. */
const PATHS = 20;
const LINES = 3;

/** For an agent whose work can't be merged: the files, who else has changed them, and what both specs say of them. */
export function conflict(state: RunState, taskId: string, paths: readonly ConflictedPath[]): string {
  const own = state.tasks.get(taskId);
  const entries = paths.slice(0, PATHS).flatMap(({ path, kind }) => [
    `- \`${inline(path)}\`${kind === undefined ? '' : ` (${inline(kind)})`}`,
    ...(own === undefined ? [] : specLines(own, path).map((line) => `  - your task, ${line}`)),
    ...changedBy(state, taskId, path).flatMap((other) => {
      const name = `task ${other.task.id} (${inline(other.task.title)})`;
      const lines = specLines(other, path);
      const spec = other.task.specs[0]?.path;
      const from = spec === undefined ? '' : `, whose spec is \`${inline(spec)}\``;
      return lines.length === 0
        ? [`  - changed by ${name}${from}`]
        : lines.map((line) => `  - changed by ${name}, ${line}`);
    }),
  ]);
  const more = paths.length > PATHS ? [`- and ${paths.length - PATHS} more`] : [];
  return [
    'Your work could not be merged with what other tasks have finished meanwhile. Git found conflicts in:',
    [...entries, ...more].join('\n'),
    'Both intentions count: keep what the other tasks have done, and make your change work on top of it.',
  ].join('\n\n');
}

/** The tasks whose integrated work changes the path. */
export function changedBy(state: RunState, taskId: string, path: string): readonly TaskState[] {
  return [...state.tasks.values()].filter(
    (other) =>
      other.task.id !== taskId &&
      other.integratedAs !== undefined &&
      other.changes?.some((change) => change.path === path || change.from === path),
  );
}

/** Where the task's specs speak of the path, with these lines: `specs/a.md:12: …`. */
export function specLines({ task, claims }: TaskState, path: string): readonly string[] {
  const places = claims.filter((claim) => claim.place !== undefined && covers(claim, path));
  const lines = places.flatMap(({ place }) => {
    if (place === undefined) return [];
    const spec = task.specs.find((one) => one.path === place.path);
    const text = spec && textAtLine(spec, place.line ?? 1);
    const at = place.line === undefined ? place.path : `${place.path}:${place.line}`;
    return [text === undefined ? at : `${at}: ${inline(text, 200)}`];
  });
  return [...new Set(lines)].slice(0, LINES);
}

function covers({ pattern }: Claim, path: string): boolean {
  return pattern !== '**' && matches(pattern, path);
}
