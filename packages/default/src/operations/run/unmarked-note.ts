import type { Diagnostic, Task } from '@pwt/core';
import type { NamedSource } from '../../composition/parts/named-source.js';

/** Says of which tasks a run can mark none as done, although it is to. */
export function unmarkedNote(
  { markDone }: { readonly markDone: boolean },
  tasks: readonly Task[],
  sources: readonly NamedSource[],
): Diagnostic[] {
  if (!markDone) return [];
  return sources.flatMap(({ name, source }): Diagnostic[] => {
    const own = tasks.filter((task) => task.source === source.name);
    if (own.length === 0 || source.markDone !== undefined) return [];
    return [
      {
        code: 'PWT_MARK_NO_PLACE',
        severity: 'info',
        taskIds: own.map(({ id }) => id),
        message: `Tasks of ${name} are not marked as done: it has no place for a mark.`,
      },
    ];
  });
}
