import type { FileEdit, MarkDoneRequest } from '@pwt/core';
import type { NamedSource } from './named-source.js';

/** Marks tasks through the sources that they come from. The sources are made when the first task is to be marked. */
export class SourceMarker {
  readonly name = 'the source of the task';
  readonly #sources: () => Promise<readonly NamedSource[]>;

  constructor(sources: () => Promise<readonly NamedSource[]>) {
    this.#sources = sources;
  }

  /** `undefined` if the task's source has no place for a mark, or is not there any more. */
  async markDone(request: MarkDoneRequest): Promise<readonly FileEdit[] | undefined> {
    const sources = (await this.#sources()).map(({ source }) => source);
    const own = sources.find(({ name, markDone }) => name === request.task.source && markDone !== undefined);
    const { task } = request;
    return own?.markDone?.({ ...request, task: { ...task, id: task.idInSource ?? task.id } });
  }
}
