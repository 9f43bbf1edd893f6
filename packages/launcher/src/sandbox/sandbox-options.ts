import type { Git } from '@pwt/git';

/** `auto`: where the machine has one; `required`: or nothing starts. */
export type SandboxMode = 'auto' | 'off' | 'required';

/** Whether a confined agent reaches the network. */
export type SandboxNetwork = 'open' | 'off';

/** How agents are confined. */
export interface SandboxOptions {
  readonly mode: SandboxMode;
  /** @default 'open' */
  readonly network?: SandboxNetwork;
  /** Further paths that agents may write: absolute, or `~/…`. */
  readonly paths?: readonly string[];
}

/** The project's repository: what of it an agent sees, and where its work goes afterwards. */
export interface SandboxRepository {
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
}
