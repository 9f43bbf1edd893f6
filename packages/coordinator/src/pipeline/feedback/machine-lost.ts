/** For an agent that goes on where another one was lost with its machine. It names no machine: there may be several by now. */
export const machineLost =
  'Work on this task has begun, but the machine that it was done on was lost. Your worktree holds what had been saved of it, which may miss what was done last. Look at it with `git status` and `git log`, and go on from there.';
