import type { TaskSource } from '@pwt/core';

/** A task source with its name for error messages. */
export interface NamedSource {
  readonly name: string;
  readonly source: TaskSource;
}
