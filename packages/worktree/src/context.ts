import type { CommitId } from '@pwt/core';
import type { Git, WorktreePaths } from '@pwt/git';
import type { Home } from './home.js';
import type { KnownPlaces } from './known-places.js';
import type { WorktreeRecords } from './records.js';
import type { SetupCommand } from './setup.js';
import type { Trash } from './trash.js';

/** What the parts of the provider work with. */
export interface ProviderContext {
  /** Runs in the checkout from which pwt works. */
  readonly git: Git;
  readonly commonDir: string;
  /** Looked for once, when the first worktree is made. */
  readonly home: () => Promise<Home>;
  readonly stateDir: string;
  readonly records: WorktreeRecords;
  readonly places: KnownPlaces;
  readonly worktrees: WorktreePaths;
  readonly trash: Trash;
  /**
   * Worktrees of which nothing but a commit was left when their work was collected, and that commit; by workspace. One look
   * is enough when they are removed: the one in the trash.
   */
  readonly collected: Map<string, CommitId>;
  readonly templates: { readonly worktree: string; readonly branch: string; readonly scratch: string };
  readonly setup: SetupCommand | undefined;
  /** For the setup command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly scratchPoolSize: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}
