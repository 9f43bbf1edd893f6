import type { Diagnostic, Place } from '@pwt/core';
import { findCycles } from './cycles.js';
import type { ParsedSpec } from './parse-spec.js';

interface Draft {
  readonly id: string;
  readonly specs: readonly ParsedSpec[];
}

export interface CheckedDependencies {
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The dependencies of each task on others of the set. Unknown ones are dropped with a warning; those of a
 * cycle are kept, with an error that names the cycle and the line of its first step. O(tasks + dependencies).
 */
export function checkDependencies(drafts: readonly Draft[]): CheckedDependencies {
  const known = new Set(drafts.map(({ id }) => id));
  const diagnostics: Diagnostic[] = [];
  const dependsOn = new Map<string, readonly string[]>();
  const steps = new Map<string, ReadonlyMap<string, Place>>();
  for (const { id, specs } of drafts) {
    const wanted = new Map<string, Place>();
    for (const spec of specs) {
      for (const dependency of spec.dependsOn) {
        if (dependency.id === id || wanted.has(dependency.id)) continue;
        wanted.set(dependency.id, { path: spec.path, line: dependency.line });
        if (!known.has(dependency.id)) diagnostics.push(unknown(id, dependency, spec.path));
      }
    }
    dependsOn.set(
      id,
      [...wanted.keys()].filter((other) => known.has(other)),
    );
    steps.set(id, wanted);
  }
  for (const cycle of findCycles(dependsOn)) {
    const [first = '', second = ''] = cycle;
    diagnostics.push(inCircle(cycle, steps.get(first)?.get(second)));
  }
  return { dependsOn, diagnostics };
}

function unknown(taskId: string, dependency: { id: string; line: number }, path: string): Diagnostic {
  return {
    code: 'PWT_DEPENDENCY_UNKNOWN',
    severity: 'warning',
    message: `Task ${taskId} depends on ${dependency.id}, but there is no spec for it. Task ${taskId} starts without waiting.`,
    hint: 'If that work is done, remove the dependency or mark it as done; otherwise add its spec.',
    taskIds: [taskId],
    path,
    line: dependency.line,
  };
}

function inCircle(cycle: readonly string[], place: Place | undefined): Diagnostic {
  const [first = ''] = cycle;
  return {
    code: 'PWT_DEPENDENCY_CYCLE',
    severity: 'error',
    message: `Tasks wait for one another in a circle: ${[...cycle, first].join(' → ')}.`,
    hint: 'Remove one of these dependencies.',
    taskIds: [...cycle],
    ...place,
  };
}
