import { type Diagnostic, lineInFile, type Place, type Task } from '@pwt/core';

const CYCLE = 'PWT_DEPENDENCY_CYCLE';

export interface DependencyOptions {
  /** Whether a task that is not part of the plan exists, or existed. */
  readonly exists: (id: string) => boolean;
}

/** Reports dependencies on tasks that are not part of the plan: they count as done. */
export function dependencyDiagnostics(
  tasks: readonly Task[],
  { exists }: DependencyOptions,
): readonly Diagnostic[] {
  const planned = new Set(tasks.map(({ id }) => id));
  return tasks.flatMap((task) => {
    const outside = task.dependsOn.filter((id) => !planned.has(id));
    const known = outside.filter(exists);
    const [first] = known;
    return [
      ...outside.filter((id) => !known.includes(id)).map((id) => unknown(task, id)),
      ...(first === undefined
        ? []
        : [
            {
              code: 'PWT_DEPENDENCY_OUTSIDE',
              severity: 'info',
              taskIds: [task.id],
              message: `Task ${task.id} depends on ${known.join(', ')}, not part of this plan: taken as done.`,
              ...placeOf(task, first),
            } satisfies Diagnostic,
          ]),
    ];
  });
}

/** Reports circles of dependencies that the source has not reported. */
export function cycleDiagnostics(
  tasks: readonly Task[],
  reported: readonly Diagnostic[],
  findCycles: (dependsOn: ReadonlyMap<string, readonly string[]>) => readonly (readonly string[])[],
): readonly Diagnostic[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const known = new Set(reported.flatMap(({ code, taskIds }) => (code === CYCLE ? (taskIds ?? []) : [])));
  const cycles = findCycles(new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn])));
  return cycles
    .filter((cycle) => !cycle.some((id) => known.has(id)))
    .map((cycle) => {
      const [first = '', second = first] = cycle;
      const task = byId.get(first);
      return {
        code: CYCLE,
        severity: 'error',
        taskIds: cycle,
        message: `Tasks wait for one another in a circle: ${[...cycle, first].join(' → ')}.`,
        hint: 'Remove one of these dependencies.',
        ...(task ? placeOf(task, second) : {}),
      };
    });
}

function unknown(task: Task, id: string): Diagnostic {
  return {
    code: 'PWT_DEPENDENCY_UNKNOWN',
    severity: 'warning',
    taskIds: [task.id],
    message: `Task ${task.id} depends on ${id}, but there is no task ${id}. Task ${task.id} starts without waiting.`,
    hint: 'If that work is done, remove the dependency; otherwise correct its id, or add the task.',
    ...placeOf(task, id),
  };
}

/** The first line of a task's specs that names another task; if there is none, the place of the task. */
function placeOf(task: Task, id: string): Partial<Place> {
  const name = new RegExp(`(?<![\\w-])${id.replace(/\W/g, '\\$&')}(?![\\w-])`, 'i');
  for (const spec of task.specs) {
    const { path, text } = spec;
    const found = name.exec(text);
    if (found) return { path, line: lineInFile(spec, text.slice(0, found.index).split('\n').length) };
  }
  const [main] = task.specs;
  return main ? { path: main.path, line: main.firstLine ?? 1 } : {};
}
