import { namedNeeds } from './named-needs.js';
import type { TaskLine } from './task-list.js';

/**
 * Which tasks each task waits for, in spec-kit's own terms: within a phase, a task without `[P]` waits for
 * everything since the last such task, and a task with `[P]` only for that last one. A phase of a user story
 * waits for the phases of that story and those without a story before it, not for other stories; a phase
 * without a story waits for everything before it. What a line says that it depends on comes on top. A phase
 * that others wait for already is not named again, and finished tasks are left out: they are done.
 */
export function dependenciesOf(tasks: readonly TaskLine[]): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, readonly string[]>();
  const ids = new Set(tasks.map((task) => task.id));
  /** The ends of the last phase without a story, and of the phases behind it by their story. */
  let common: readonly string[] = [];
  const stories = new Map<string, readonly string[]>();
  for (const phase of groupByPhase(tasks)) {
    const story = storyOf(phase);
    const all = stories.size > 0 ? [...stories.values()].flat() : common;
    const gates = story === undefined ? all : (stories.get(story) ?? common);
    let sinceBarrier: string[] = [];
    let barrier: readonly string[] = gates;
    for (const task of phase) {
      const needs = task.parallel || sinceBarrier.length === 0 ? barrier : sinceBarrier;
      result.set(task.id, [...needs, ...namedNeeds(task, ids)]);
      if (task.parallel) sinceBarrier.push(task.id);
      else {
        barrier = [task.id];
        sinceBarrier = [];
      }
    }
    if (story !== undefined) stories.set(story, endsOf(phase));
    else {
      common = endsOf(phase);
      stories.clear();
    }
  }
  const open = new Set(tasks.filter((task) => !task.done).map((task) => task.id));
  return new Map([...result].map(([id, needs]) => [id, throughFinished(needs, result, open)]));
}

/** A phase belongs to a story if all its tasks do. */
function storyOf(phase: readonly TaskLine[]): string | undefined {
  const [first] = phase;
  return phase.every((task) => task.story === first?.story) ? first?.story : undefined;
}

/** What has to be done for a phase to be done: its tasks that nothing in it waits for. */
function endsOf(phase: readonly TaskLine[]): readonly string[] {
  const lastBarrier = phase.findLastIndex((task) => !task.parallel);
  const after = phase.slice(lastBarrier + 1);
  return (after.length > 0 ? after : phase.slice(lastBarrier)).map((task) => task.id);
}

/** A dependency on a finished task stands for what that task itself waited for; an unknown one stays. */
function throughFinished(
  needs: readonly string[],
  all: ReadonlyMap<string, readonly string[]>,
  open: ReadonlySet<string>,
): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const stack = [...needs];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (open.has(id) || !all.has(id)) found.add(id);
    else stack.push(...(all.get(id) ?? []));
  }
  return [...found].sort();
}

function groupByPhase(tasks: readonly TaskLine[]): Iterable<readonly TaskLine[]> {
  const phases = new Map<number, TaskLine[]>();
  for (const task of tasks) {
    const phase = phases.get(task.phase);
    if (phase) phase.push(task);
    else phases.set(task.phase, [task]);
  }
  return phases.values();
}
