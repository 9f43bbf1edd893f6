import type { Diagnostic, FileEdit, IntegrateOutcome, ReadFile, RefusedEdit, Task } from '@pwt/core';
import { checkEdits } from '../contract-check.js';
import { reasonOf } from '../reason-of.js';
import type { TaskMarker } from '../run/coordinator-parts.js';
import type { RunContext } from '../run/run-context.js';
import { warn } from '../run/warn.js';

/**
 * The mark that a task is done, in the commit in which its work is joined. Where it can't be made, the work lands all the same,
 * and the user is told.
 */
export class Marking {
  readonly #context: RunContext;
  readonly #marker: TaskMarker;
  readonly #task: Task;
  #problem: 'no file' | { readonly reason: string } | undefined;

  private constructor(context: RunContext, marker: TaskMarker, task: Task) {
    this.#context = context;
    this.#marker = marker;
    this.#task = task;
  }

  /** `undefined` in a run that marks nothing. */
  static of(context: RunContext, task: Task): Marking | undefined {
    const { marker } = context.parts;
    return marker === undefined || context.options.markDone !== true
      ? undefined
      : new Marking(context, marker, task);
  }

  readonly edit = async (read: ReadFile): Promise<readonly FileEdit[]> => {
    this.#problem = undefined;
    try {
      const answer = await this.#marker.markDone({ task: this.#task, read });
      if (answer === undefined) return [];
      const edits = checkEdits(this.#marker.name, answer);
      const [spec] = this.#task.specs;
      if (edits.length === 0 && spec && (await read(spec.path)) === undefined) this.#problem = 'no file';
      return edits;
    } catch (error) {
      this.#problem = { reason: reasonOf(error) };
      return [];
    }
  };

  /** Says what was not marked. */
  async report(outcome: IntegrateOutcome): Promise<void> {
    if (outcome.status === 'conflicted') return;
    const [refused] = outcome.refused ?? [];
    if (refused !== undefined) await this.#warn(notMarked(this.#task, reasons[refused.reason](refused.path)));
    else if (this.#problem === 'no file') await this.#sayOnce(notCommitted(this.#task));
    else if (this.#problem !== undefined) await this.#warn(notMarked(this.#task, this.#problem.reason));
  }

  #warn(diagnostic: Diagnostic): Promise<void> {
    return warn(this.#context, diagnostic);
  }

  /** Many tasks share a list that is in no commit. */
  async #sayOnce(diagnostic: Diagnostic): Promise<void> {
    const { diagnostics } = this.#context.log.state;
    if (!diagnostics.some(({ code }) => code === diagnostic.code)) await this.#warn(diagnostic);
  }
}

const reasons: Readonly<Record<RefusedEdit['reason'], (path: string) => string>> = {
  outside: (path) => `${JSON.stringify(path)} is no path of a file in the repository.`,
  link: (path) => `${path} is a symbolic link, or behind one.`,
  'not-a-file': (path) => `${path} is not a file in the repository.`,
  clashing: (path) => `${path} has the name of another file here: they differ in case alone.`,
};

function notMarked({ id, specs }: Task, reason: string): Diagnostic {
  return {
    code: 'PWT_MARK_FAILED',
    severity: 'warning',
    taskIds: [id],
    message: `Task ${id} is not marked as done: ${reason}`,
    hint: `Its work lands all the same. Mark it yourself${specs[0] ? `, in ${specs[0].path}` : ''}.`,
  };
}

function notCommitted({ specs }: Task): Diagnostic {
  return {
    code: 'PWT_MARK_NOT_COMMITTED',
    severity: 'warning',
    message: `Tasks whose spec is in no commit are not marked as done. Such a spec is ${specs[0]?.path}.`,
    hint: 'Their work lands all the same. Commit the specs whose tasks are to be marked.',
  };
}
