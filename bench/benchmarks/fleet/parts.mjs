import { FixedResourceMonitor } from '@pwt/testkit';

/**
 * The parts of a coordinator, over workers that are simulated. The repository has ids of commits, and no content.
 *
 * @param {import('./clock.mjs').SimulatedClock} clock
 * @param {import('./workers.mjs').SimulatedWorkers} workers
 */
export function partsOver(clock, workers) {
  let commits = 0;
  const commit = () => {
    commits += 1;
    return commits.toString(16).padStart(40, '0');
  };
  const base = commit();
  return {
    base,
    provider: provider(workers, commit),
    launcher: launcher(workers),
    merger: merger(clock, base, commit),
    resources: new FixedResourceMonitor(),
  };
}

/**
 * @param {import('./workers.mjs').SimulatedWorkers} workers
 * @param {() => string} commit
 * @returns {import('@pwt/core').WorkspaceProvider}
 */
function provider(workers, commit) {
  const at = (/** @type {import('@pwt/core').Workspace} */ workspace, /** @type {string} */ host) => ({
    ...workspace,
    host,
  });
  return {
    name: 'simulated',
    async create({ runId, taskId, base }) {
      const host = await workers.place(taskId);
      const path = `/var/lib/pwt/${taskId}`;
      return {
        workspace: {
          id: taskId,
          provider: 'simulated',
          kind: 'task',
          runId,
          taskId,
          path,
          branch: `pwt/${taskId}`,
          base,
          host,
        },
      };
    },
    async scratch() {
      throw new Error('there is no gate');
    },
    list: async () => [],
    async collect({ workspace }) {
      await workers.ask(300, 2000);
      const path = `area/task-${workspace.taskId}.ts`;
      return {
        status: 'collected',
        commit: commit(),
        committedLeftovers: false,
        changes: [{ path, kind: 'modified' }],
      };
    },
    async moveOnto({ workspace, onto }) {
      const host = await workers.place(workspace.taskId ?? '');
      return { workspace: at(workspace, host), outcome: { status: 'merged', onto } };
    },
    changes: async () => [],
    async remove() {
      await workers.ask(50, 200);
      return { status: 'removed' };
    },
    foresee: async () => ({ status: 'removed' }),
  };
}

/** @param {import('./workers.mjs').SimulatedWorkers} workers @returns {import('@pwt/core').AgentLauncher} */
function launcher(workers) {
  return {
    name: 'simulated',
    check: async () => undefined,
    async launch({ attempt }) {
      await workers.ask(20, 100);
      return workers.run(attempt.taskId);
    },
    attach: async () => undefined,
  };
}

/**
 * @param {import('./clock.mjs').SimulatedClock} clock
 * @param {string} base
 * @param {() => string} commit
 * @returns {import('@pwt/core').Merger}
 */
function merger(clock, base, commit) {
  let integration = base;
  let target = base;
  return {
    name: 'simulated',
    open: async () => ({ tip: integration }),
    async integrate() {
      await clock.wait(25);
      return { status: 'merged', commit: commit() };
    },
    async advance({ to }) {
      integration = to;
      return { status: 'advanced' };
    },
    async land({ to }) {
      await clock.wait(25);
      target = to;
      return { status: 'landed' };
    },
    tip: async () => target,
    contains: async () => true,
    close: async () => undefined,
  };
}
