import type { Diagnostic, Task } from '@pwt/core';
import { Checkout } from '@pwt/sources';
import { SCOPES_FILE, textKey } from './scope-files.js';

/** Gives tasks that state no scope themselves the one that the file has for them. */
export async function withScopes(
  root: string,
  tasks: readonly Task[],
): Promise<{ readonly tasks: readonly Task[]; readonly diagnostics: readonly Diagnostic[] }> {
  const checkout = new Checkout(root);
  const text = await checkout.read(SCOPES_FILE);
  if (text === undefined) return { tasks, diagnostics: checkout.problems };
  // A plan reads YAML only where there is some.
  const { parseScopes } = await import('./parse-scopes.js');
  const { entries, diagnostics } = parseScopes(text);
  const stale: Diagnostic[] = [];
  const scoped = tasks.map((task) => {
    const entry = entries.get(task.id);
    const states = task.declared?.some(({ mode }) => mode !== 'read');
    if (entry === undefined || entry.claims.length === 0 || states) return task;
    if (entry.key !== undefined && entry.key !== textKey(task)) stale.push(staleScope(task.id, entry.line));
    return { ...task, declared: [...(task.declared ?? []), ...entry.claims] };
  });
  return { tasks: scoped, diagnostics: [...diagnostics, ...stale] };
}

function staleScope(id: string, line: number): Diagnostic {
  return {
    code: 'PWT_SCOPE_STALE',
    severity: 'warning',
    message: `The files of task ${id} were proposed for an earlier text of it.`,
    hint: `Have them proposed again: pwt scope ${id}`,
    taskIds: [id],
    path: SCOPES_FILE,
    line,
  };
}
