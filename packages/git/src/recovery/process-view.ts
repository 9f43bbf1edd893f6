import type { ProcessIdentity, RunningProgram } from '@pwt/core';

/** What recovery asks of the operating system. */
export interface ProcessView {
  self(): ProcessIdentity;
  isAlive(identity: ProcessIdentity): boolean;
  /** The live processes of a program and of its helpers. */
  programs(name: string): Promise<readonly RunningProgram[]>;
  /** The live processes that have one of these files open. */
  holders(files: readonly string[]): Promise<readonly RunningProgram[]>;
}
