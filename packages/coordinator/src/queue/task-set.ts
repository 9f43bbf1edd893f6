/** A set of tasks: one bit each. Sets of thousands of tasks are compared in a few microseconds, and are keys of maps. */
export type TaskSet = bigint;

/** Which bit each task has. */
export class TaskBits {
  readonly #bits = new Map<string, TaskSet>();

  setOf(taskIds: Iterable<string>): TaskSet {
    let set = 0n;
    for (const taskId of taskIds) set |= this.bitOf(taskId);
    return set;
  }

  bitOf(taskId: string): TaskSet {
    const known = this.#bits.get(taskId);
    if (known !== undefined) return known;
    const bit = 1n << BigInt(this.#bits.size);
    this.#bits.set(taskId, bit);
    return bit;
  }
}

/** Whether all of these are among those. */
export function isWithin(these: TaskSet, those: TaskSet): boolean {
  return (these & those) === these;
}

export function without(these: TaskSet, those: TaskSet): TaskSet {
  return these & ~those;
}
