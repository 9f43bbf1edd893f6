/**
 * One cycle for each group of tasks that wait for one another, as the ids on it. Iterative, so that long chains do not
 * overflow the stack. O(tasks + dependencies).
 *
 * @param dependsOn by task; ids that are no key are ignored
 */
export function findCycles(
  dependsOn: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  for (const start of dependsOn.keys()) {
    if (state.has(start)) continue;
    const path: { readonly id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, 'open');
    while (path.length > 0) {
      const top = path[path.length - 1] as { readonly id: string; next: number };
      const other = dependsOn.get(top.id)?.[top.next];
      top.next += 1;
      if (other === undefined) {
        state.set(top.id, 'done');
        path.pop();
      } else if (!state.has(other)) {
        state.set(other, 'open');
        path.push({ id: other, next: 0 });
      } else if (state.get(other) === 'open') {
        const ids = path.map(({ id }) => id);
        cycles.push(ids.slice(ids.indexOf(other)));
      }
    }
  }
  return cycles;
}
