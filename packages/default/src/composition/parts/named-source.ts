import type { TaskSource } from '@pwt/core';

/** A task source with the name to blame. */
export interface NamedSource {
  readonly name: string;
  readonly source: TaskSource;
}
