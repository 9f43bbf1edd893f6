/** @typedef {import('../../lib/task-project.mjs').TaskProject} TaskProject */

/**
 * @typedef {object} Remains What a run has left besides the work on `main`.
 * @property {number} worktrees
 * @property {number} branches
 * @property {number} changed Paths whose status in the user's checkout is another one than before.
 */

/**
 * The status of the user's checkout, one line for each path.
 *
 * @param {TaskProject} project
 */
export async function checkoutStatus({ repository }) {
  const lines = await repository.git('status', '--porcelain', '--untracked-files=all');
  return new Set(lines.split('\n').filter(Boolean));
}

/**
 * @param {TaskProject} project
 * @param {ReadonlySet<string>} before
 * @returns {Promise<Remains>}
 */
export async function remains(project, before) {
  const { repository } = project;
  const worktrees = (await repository.git('worktree', 'list', '--porcelain')).match(/^worktree /gm) ?? [];
  const branches = (await repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).split('\n');
  const after = await checkoutStatus(project);
  const paths = [...before, ...after].filter((line) => !(before.has(line) && after.has(line)));
  return {
    worktrees: worktrees.length - 1,
    branches: branches.length - 1,
    changed: new Set(paths.map((line) => line.slice(3))).size,
  };
}
