import type { Diagnostic, Place } from '@pwt/core';

/** A place under schema version 1, which calls its path `file`. */
export function placeJson({ path, ...rest }: Place): Record<string, unknown> {
  return { file: path, ...rest };
}

/** A diagnostic of a result under schema version 1, which has one task, and a `file` beside its line. */
export function resultDiagnosticJson(diagnostic: Diagnostic): Record<string, unknown> {
  const { path, taskIds: [taskId] = [] } = diagnostic;
  return {
    ...diagnostic,
    ...(taskId === undefined ? {} : { taskId }),
    ...(path === undefined ? {} : { file: path }),
  };
}
