/** For an agent that said that it was done and left nothing. */
export function noChange(): string {
  return `Your last turn ended well, but there is nothing to take: no file that git does not ignore differs from where your branch started, or all of it is on the integration branch already. Do the task now. Write the files in your worktree, check with \`git status\` and \`git diff\` that they are changed, and commit them. If something kept you from it, such as a tool that was denied, find another way; if the task needs no change at all, state that and why with the command for it.`;
}
