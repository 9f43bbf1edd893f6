import { definePlugin, throwIfAborted, unknownScopeClaim } from '@pwt/core';

const MODULE_LINE = /^Module:\s*([\w-]+)\s*$/;

/**
 * For a team in which one module is one piece of work: a spec says `Module: billing`, and the task then claims all
 * of `src/billing/`, whatever files the text mentions. `pwt plan` and `pwt explain` show the lines that say so.
 *
 * @implements {Separator}
 */
export class ModuleSeparator {
  name = 'module';
  #modulesDirectory;

  /** @param {{modulesDirectory?: string}} [options] */
  constructor({ modulesDirectory = 'src' } = {}) {
    this.#modulesDirectory = modulesDirectory;
  }

  /**
   * @param {import('@pwt/core').SeparateRequest} request
   * @returns {Promise<import('@pwt/core').Separation>}
   */
  async separate({ tasks, abortSignal }) {
    throwIfAborted(abortSignal);
    const claims = tasks.map((task) => this.#claimsOf(task));
    const unknown = claims.filter(({ unknownScope }) => unknownScope);
    return { claims, diagnostics: unknown.map(withoutModule) };
  }

  /**
   * @param {import('@pwt/core').Task} task
   * @returns {import('@pwt/core').TaskClaims}
   */
  #claimsOf(task) {
    const claims = task.specs.flatMap((spec) => this.#claimsIn(spec));
    if (claims.length > 0) return { taskId: task.id, claims, unknownScope: false };
    const [first] = task.specs;
    const place = first && { path: first.path, line: first.firstLine ?? 1 };
    return { taskId: task.id, claims: [unknownScopeClaim(place)], unknownScope: true };
  }

  /**
   * @param {import('@pwt/core').SpecFile} spec
   * @returns {import('@pwt/core').Claim[]}
   */
  #claimsIn({ path, text, firstLine = 1 }) {
    return text.split('\n').flatMap((line, at) => {
      const module = MODULE_LINE.exec(line)?.[1];
      if (module === undefined) return [];
      return {
        pattern: `${this.#modulesDirectory}/${module}/**`,
        mode: 'write',
        class: 'exclusive',
        confidence: 'declared',
        rule: 'module-line',
        place: { path, line: firstLine + at },
      };
    });
  }
}

/**
 * A task without a scope must never look harmless: it claims everything, and the user hears about it.
 *
 * @param {import('@pwt/core').TaskClaims} scope
 * @returns {import('@pwt/core').Diagnostic}
 */
function withoutModule({ taskId, claims: [claim] }) {
  return {
    code: 'PWT_SCOPE_UNKNOWN',
    severity: 'warning',
    message: `Task ${taskId} names no module, so it conflicts with every other task.`,
    hint: 'Add a line such as `Module: billing` to its spec.',
    taskIds: [taskId],
    ...claim?.place,
  };
}

export const plugin = definePlugin({
  name: 'module-separator',
  apiVersion: 2,
  provides: {
    separator: (_context, options) =>
      new ModuleSeparator(/** @type {{modulesDirectory?: string} | undefined} */ (options)),
  },
});

/** @typedef {import('@pwt/core').Separator} Separator */
