import type { ConfirmCommands } from './approvals.js';

/** How commands that stand in the repository's own configuration file are approved. */
export interface ApprovalOptions {
  /** The user's own file in which approvals are kept, outside every repository. Absolute. */
  readonly file: string;
  /** Asks a person; without it, only what has been approved before may run. */
  readonly confirm?: ConfirmCommands;
  /**
   * What to do with a configuration or a plugin that is code of the repository and has not been approved. `refuse`
   * asks, and fails without a yes; `skip` goes on without it and warns: for what only looks. @default 'refuse'
   */
  readonly unapprovedCode?: 'refuse' | 'skip';
}
