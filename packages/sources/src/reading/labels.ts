import { type Diagnostic, defined, type Task } from '@pwt/core';
import { RUNS_ON, readMachineLabels } from '@pwt/separator';
import type { Fields } from './fields.js';

/** The labels of the machine that a task asks for, and what is wrong with them. */
export interface ReadLabels extends Pick<Task, 'runsOn'> {
  readonly diagnostics: readonly Diagnostic[];
}

/** True where the fields of a task have something under `runs-on`. */
export function asksForLabels(fields: Fields): boolean {
  return RUNS_ON.some((name) => Object.hasOwn(fields, name));
}

/** Reads `runs-on`, or as JSON has it `runsOn`, from the fields of a task. */
export function labelsIn(
  fields: Fields,
  { path, line, taskId }: { readonly path: string; readonly line: number; readonly taskId: string },
): ReadLabels {
  const key = RUNS_ON.find((name) => Object.hasOwn(fields, name));
  const read = readMachineLabels(key === undefined ? undefined : fields[key]);
  if ('labels' in read) return { ...defined({ runsOn: read.labels }), diagnostics: [] };
  return {
    diagnostics: [
      {
        code: 'PWT_RUNS_ON_INVALID',
        severity: 'warning',
        message: `\`${key}\` is left out: ${read.problem}.`,
        hint: `For example: "${key}": {"gpu": "1", "os": "linux"}`,
        ...{ taskIds: [taskId], path, line },
      },
    ],
  };
}
