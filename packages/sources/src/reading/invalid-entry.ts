import { type Diagnostic, defined } from '@pwt/core';

/** An entry of a list of tasks that is none, or a list that can't be read. */
export function invalidEntry(path: string, line: number, what: string, hint?: string): Diagnostic {
  return {
    code: 'PWT_TASK_INVALID',
    severity: 'warning',
    message: `${path}:${line} ${what}`,
    path,
    line,
    ...defined({ hint }),
  };
}

/** A list that is not in the form that its format asks for: none of its tasks is read. */
export function invalidList(path: string, line: number, what: string, hint?: string): Diagnostic {
  return { ...invalidEntry(path, line, what, hint), severity: 'error' };
}
