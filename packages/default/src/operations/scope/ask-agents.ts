import { join } from 'node:path';
import {
  type AgentExit,
  type AgentLauncher,
  type CommitId,
  type Task,
  throwIfAborted,
  type WorkspaceProvider,
} from '@pwt/core';
import { effectivePermission } from '../../composition/parts/agent-launcher.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';
import { beginAsking, endAbandoned, endAsking, scopeFolder } from './abandoned.js';
import { scopePrompt } from './scope-prompt.js';

/** What has come of an agent that was asked about tasks. */
export interface AgentAnswer {
  /** The checkout in which it worked; gone afterwards. */
  readonly folder: string;
  readonly lastMessage: string;
  /** How it ended, if that was not well. */
  readonly ending: string | undefined;
}

export interface AskAgentsOptions {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** What they read. */
  readonly commit: CommitId;
  readonly launcher: AgentLauncher;
  readonly provider: WorkspaceProvider;
}

/** Asks agents about tasks, each in a checkout of its own that is thrown away: as many at once as a run would start. */
export class AskAgents {
  readonly #options: AskAgentsOptions;

  constructor(options: AskAgentsOptions) {
    this.#options = options;
  }

  /**
   * Ends when no agent works any more, also where it is aborted or one can't be asked: then the others are ended.
   *
   * @param take is given each answer, while the agent's checkout is there
   */
  async each(
    batches: readonly (readonly Task[])[],
    abortSignal: AbortSignal | undefined,
    take: (batch: readonly Task[], answer: AgentAnswer) => Promise<void>,
  ): Promise<void> {
    const { launcher, provider, config, project } = this.#options;
    const permission = effectivePermission(config);
    await launcher.check({ permission });
    const { createRunId } = await import('@pwt/coordinator');
    const runId = createRunId(Date.now());
    const folder = scopeFolder(project);
    await endAbandoned({ folder, launcher, provider });
    const stateDir = await beginAsking(folder, runId);
    const failures: unknown[] = [];
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, ...(abortSignal === undefined ? [] : [abortSignal])]);
    const queue = [...batches.entries()];
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [at, batch] = next;
        await this.#ask({ runId, stateDir: join(stateDir, String(at)), batch, signal }, (answer) =>
          take(batch, answer),
        );
      }
    };
    const endOthers = (error: unknown) => {
      failures.push(error);
      failed.abort();
    };
    const most = Math.min(config.maxInstances, batches.length);
    await Promise.all(Array.from({ length: most }, () => worker().catch(endOthers)));
    await provider.close?.({ runId });
    await endAsking(stateDir);
    throwIfAborted(abortSignal);
    if (failures.length > 0) throw failures[0];
  }

  async #ask(
    asked: {
      readonly runId: string;
      readonly stateDir: string;
      readonly batch: readonly Task[];
      readonly signal: AbortSignal;
    },
    take: (answer: AgentAnswer) => Promise<void>,
  ): Promise<void> {
    const { provider, launcher, config, commit } = this.#options;
    const { runId, stateDir, batch, signal: abortSignal } = asked;
    const [task] = batch;
    if (task === undefined) return;
    const workspace = await provider.scratch({ runId, commit, abortSignal });
    try {
      const { timeout: timeoutMs, idleTimeout: idleTimeoutMs } = config;
      const limits = { timeoutMs, idleTimeoutMs };
      const run = await launcher.launch({
        attempt: { runId, taskId: task.id, number: 1, workspace, stateDir, ...limits },
        task,
        claims: [],
        permission: effectivePermission(config),
        prompt: scopePrompt(batch),
        abortSignal,
      });
      // What goes wrong with it is told by how the agent ends.
      const stop = () => void run.stop().catch(() => undefined);
      abortSignal.addEventListener('abort', stop, { once: true });
      if (abortSignal.aborted) stop();
      const exit = await run.exited.finally(() => abortSignal.removeEventListener('abort', stop));
      throwIfAborted(abortSignal);
      await take({ folder: workspace.path, lastMessage: exit.lastMessage ?? '', ending: endingOf(exit) });
    } finally {
      await provider.remove({ workspace, force: ['dirty', 'unmerged'], reason: 'after its agent was asked' });
    }
  }
}

function endingOf({ kind, exitCode, failure }: AgentExit): string | undefined {
  if (failure) return `its agent failed: ${failure.message}`;
  if (kind !== 'exited') return `its agent ended: ${kind}`;
  return exitCode === 0 ? undefined : `its agent exited with ${exitCode}`;
}
