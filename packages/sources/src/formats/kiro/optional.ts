import type { FeatureTask } from '../../checklist/feature-lists.js';
import { hashOf, isOptional } from '../../checklist/list-tasks.js';
import type { ChecklistItem } from '../../checklist/parse-checklist.js';
import type { FormatTask } from '../../format.js';

const NOTE = 'Sub-tasks marked `[ ]*` are optional: leave them out.';

/** A task that is kept back if it is marked as optional, and otherwise says that parts of it are. */
export function withoutOptional({ task, part }: FeatureTask): FormatTask {
  const [spec] = task.specs;
  if (!spec) return task;
  if (isOptional(part)) return { ...task, deferred: `${spec.path}:${part.firstLine} is marked as optional` };
  if (!part.items.some(hasOpenOptional)) return task;
  const text = `${spec.text}\n${NOTE}\n`;
  return { ...task, specs: [{ ...spec, text, hash: hashOf(text) }] };
}

function hasOpenOptional({ children }: ChecklistItem): boolean {
  return children.some((child) => (child.optional && !child.ticked) || hasOpenOptional(child));
}
