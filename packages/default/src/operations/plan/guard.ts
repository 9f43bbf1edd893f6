import { type Diagnostic, isTaskId, misbehaved, type Task, type TaskClaims } from '@pwt/core';

/** Checks what a task source returned. */
export function checkTasks(part: string, value: unknown): readonly Task[] {
  if (!Array.isArray(value)) throw misbehaved(part, 'load() must return tasks');
  for (const task of value as Partial<Task>[]) {
    const id = task?.id;
    if (typeof id !== 'string' || !isTaskId(id))
      throw misbehaved(part, `${JSON.stringify(id)} is not a task id`);
    if (typeof task.title !== 'string') throw misbehaved(part, `task ${id} has no title`);
    if (!Array.isArray(task.specs)) throw misbehaved(part, `task ${id} has no list of specs`);
    if (!Array.isArray(task.dependsOn)) throw misbehaved(part, `task ${id} has no list of dependencies`);
    const { runsOn } = task;
    if (runsOn !== undefined && !areLabels(runsOn))
      throw misbehaved(part, `task ${id} has no labels with texts as its \`runsOn\``);
  }
  return value as readonly Task[];
}

function areLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

/** Checks what a separator returned: one entry per task, in any order, with patterns that can be read. */
export function checkClaims(
  part: string,
  tasks: readonly Task[],
  value: unknown,
  parsePattern: (pattern: string) => unknown,
): readonly TaskClaims[] {
  if (!Array.isArray(value)) throw misbehaved(part, 'separate() must return claims');
  const entries = value as TaskClaims[];
  const byTask = new Map(entries.map((entry) => [entry.taskId, entry]));
  if (byTask.size !== entries.length) throw misbehaved(part, 'separate() returned two entries for one task');
  return tasks.map((task) => {
    const entry = byTask.get(task.id);
    if (!entry) throw misbehaved(part, `separate() returned no entry for task ${task.id}`);
    if (!Array.isArray(entry.claims)) throw misbehaved(part, `task ${task.id} has no list of claims`);
    for (const { pattern } of entry.claims) checkPattern(part, task.id, pattern, parsePattern);
    return entry;
  });
}

/** Checks a list of findings. */
export function checkDiagnostics(part: string, value: unknown): readonly Diagnostic[] {
  if (!Array.isArray(value)) throw misbehaved(part, 'it must return a list of diagnostics');
  return value as readonly Diagnostic[];
}

function checkPattern(
  part: string,
  taskId: string,
  pattern: unknown,
  parse: (pattern: string) => unknown,
): void {
  if (typeof pattern !== 'string') throw misbehaved(part, `a claim of task ${taskId} has no pattern`);
  try {
    parse(pattern);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw misbehaved(
      part,
      `task ${taskId} claims ${JSON.stringify(pattern)}, which is no pattern (${message})`,
      { pattern },
    );
  }
}
