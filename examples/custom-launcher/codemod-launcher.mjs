import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { definePlugin, PwtError, throwIfAborted } from '@pwt/core';
import { attachSupervised, cleanEnvironment, startSupervised } from '@pwt/process';
import { CodemodRun } from './codemod-run.mjs';

const CODEMODS = 'codemods';

/**
 * Does each task with a script of the project: `codemods/<task id>.mjs`, run by Node in the task's worktree.
 *
 * @implements {AgentLauncher}
 */
export class CodemodLauncher {
  name = 'codemod';
  #projectRoot;
  #env;

  /** @param {{projectRoot: string, env: Readonly<Record<string, string | undefined>>}} options */
  constructor({ projectRoot, env }) {
    this.#projectRoot = projectRoot;
    this.#env = env;
  }

  async check() {
    const directory = join(this.#projectRoot, CODEMODS);
    if (existsSync(directory)) return undefined;
    throw new PwtError('PWT_AGENT_NOT_FOUND', `There are no codemods in ${directory}.`, {
      hint: `Write one for each task, as ${CODEMODS}/<task id>.mjs.`,
    });
  }

  /**
   * @param {LaunchRequest} request
   * @returns {Promise<AgentRun>}
   */
  async launch(request) {
    throwIfAborted(request.abortSignal);
    const { attempt, task } = request;
    const { runId, number, workspace, stateDir } = attempt;
    mkdirSync(stateDir, { recursive: true });
    const supervised = await startSupervised({
      command: process.execPath,
      args: [join(CODEMODS, `${task.id}.mjs`)],
      cwd: workspace.path,
      env: cleanEnvironment(this.#env, { strip: ['GIT_*'], add: { PWT_TASK_ID: task.id } }),
      mark: `codemod.${runId}.${task.id}.${number}`,
      dir: stateDir,
      stdoutFile: join(stateDir, 'stdout.log'),
      stderrFile: join(stateDir, 'stderr.log'),
    });
    if (supervised.status === 'supervised') return new CodemodRun(attempt, supervised);
    throw new PwtError('PWT_ATTEMPT_TAKEN', `Attempt ${number} of task ${task.id} was started before.`);
  }

  /**
   * The state directory knows whether the codemod still runs, how it ended, or that it never started.
   *
   * @param {import('@pwt/core').Attempt} attempt
   * @returns {Promise<AgentRun | undefined>}
   */
  async attach(attempt) {
    const supervised = await attachSupervised({ dir: attempt.stateDir });
    if (supervised.status === 'never-started') return undefined;
    return new CodemodRun(attempt, supervised);
  }
}

export const plugin = definePlugin({
  name: 'codemod-launcher',
  apiVersion: 2,
  provides: { agentLauncher: (context) => new CodemodLauncher(context) },
});

/**
 * @typedef {import('@pwt/core').AgentLauncher} AgentLauncher
 * @typedef {import('@pwt/core').AgentRun} AgentRun
 * @typedef {import('@pwt/core').LaunchRequest} LaunchRequest
 */
