export { GitWorktreeProvider, type GitWorktreeProviderOptions } from './git-worktree-provider.js';
export { type OpenWorktreeRequest, openWorktree } from './open-worktree.js';
export { type PreparedMerge, recordedBranches } from './records.js';
export type { SetupCommand } from './setup.js';
export { workspaceAt } from './workspace-at.js';
