import { definePlugin, taskText, unknownScopeClaim } from '@pwt/core';

const MODULE_LINE = /^Module:\s*([\w-]+)\s*$/;

/**
 * For a team in which one module is one piece of work: a spec says `Module: billing`, and the task then claims all
 * of `src/billing/`, whatever files the text mentions.
 *
 * @implements {import('@pwt/core').Separator}
 */
export class ModuleSeparator {
  #modulesDirectory;

  /** @param {{modulesDirectory?: string}} [options] */
  constructor({ modulesDirectory = 'src' } = {}) {
    this.#modulesDirectory = modulesDirectory;
  }

  /**
   * @param {import('@pwt/core').SeparateRequest} request
   * @returns {Promise<import('@pwt/core').Separation>}
   */
  async separate({ tasks }) {
    const claims = tasks.map((task) => this.#claimsOf(task));
    const unknown = claims.filter(({ unknownScope }) => unknownScope);
    return { claims, diagnostics: unknown.map(({ taskId }) => withoutModule(taskId)) };
  }

  /**
   * @param {import('@pwt/core').Task} task
   * @returns {import('@pwt/core').TaskClaims}
   */
  #claimsOf(task) {
    const claims = taskText(task)
      .split('\n')
      .flatMap((line) => MODULE_LINE.exec(line)?.[1] ?? [])
      .map((module) => this.#claim(module));
    return claims.length > 0
      ? { taskId: task.id, claims, unknownScope: false }
      : { taskId: task.id, claims: [unknownScopeClaim()], unknownScope: true };
  }

  /**
   * @param {string} module
   * @returns {import('@pwt/core').Claim}
   */
  #claim(module) {
    const pattern = `${this.#modulesDirectory}/${module}/**`;
    return { pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'module-line' };
  }
}

/**
 * A task without a scope must never look harmless: it claims everything, and the user hears about it.
 *
 * @param {string} taskId
 * @returns {import('@pwt/core').Diagnostic}
 */
function withoutModule(taskId) {
  return {
    code: 'PWT_SCOPE_UNKNOWN',
    severity: 'warning',
    message: `Task ${taskId} names no module, so it conflicts with every other task.`,
    hint: 'Add a line such as `Module: billing` to its spec.',
    taskId,
  };
}

export const plugin = definePlugin({
  name: 'module-separator',
  apiVersion: 1,
  provides: {
    separator: (_context, options) =>
      new ModuleSeparator(/** @type {{modulesDirectory?: string} | undefined} */ (options)),
  },
});
