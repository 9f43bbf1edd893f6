import type { RepositoryCommand } from '../config/resolved-config.js';
import type { Project } from '../project/project.js';
import type { ApprovalOptions } from './approval-options.js';
import { ApprovalStore, requireApproval } from './approvals.js';

/**
 * Has a person approve commands of the repository's own configuration, where the caller wants that.
 *
 * @throws PwtError `PWT_COMMAND_NOT_APPROVED`
 */
export async function approveCommands(
  { repository }: Project,
  commands: readonly RepositoryCommand[],
  approvals: ApprovalOptions | undefined,
): Promise<void> {
  if (approvals === undefined || commands.length === 0) return;
  const store = new ApprovalStore({ file: approvals.file, repository: repository.commonDir });
  await requireApproval(commands, store, approvals.confirm);
}
