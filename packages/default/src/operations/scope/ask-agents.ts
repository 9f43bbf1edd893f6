import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AgentExit,
  type AgentLauncher,
  type CommitId,
  privateModes,
  type Task,
  throwIfAborted,
  type WorkspaceProvider,
} from '@pwt/core';
import { effectivePermission } from '../../composition/parts/agent-launcher.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';
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

  /** @param take is given each answer, while the agent's checkout is there */
  async each(
    batches: readonly (readonly Task[])[],
    abortSignal: AbortSignal | undefined,
    take: (batch: readonly Task[], answer: AgentAnswer) => Promise<void>,
  ): Promise<void> {
    const { launcher, config, project } = this.#options;
    const permission = effectivePermission(config);
    await launcher.check({ permission });
    const { createRunId } = await import('@pwt/coordinator');
    const runId = createRunId(Date.now());
    const stateDir = join(project.stateDir, 'scope', runId);
    await mkdir(stateDir, { recursive: true, mode: privateModes.folder });
    const queue = [...batches.entries()];
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [at, batch] = next;
        await this.#ask({ runId, stateDir: join(stateDir, String(at)), batch, abortSignal }, (answer) =>
          take(batch, answer),
        );
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(config.maxInstances, batches.length) }, worker));
    } finally {
      await this.#options.provider.close?.({ runId });
      await rm(stateDir, { recursive: true, force: true });
    }
  }

  async #ask(
    asked: {
      readonly runId: string;
      readonly stateDir: string;
      readonly batch: readonly Task[];
      readonly abortSignal: AbortSignal | undefined;
    },
    take: (answer: AgentAnswer) => Promise<void>,
  ): Promise<void> {
    const { provider, launcher, config, commit } = this.#options;
    const { runId, stateDir, batch, abortSignal } = asked;
    throwIfAborted(abortSignal);
    const workspace = await provider.scratch({ runId, commit });
    try {
      const [task] = batch;
      if (task === undefined) return;
      const { timeout: timeoutMs, idleTimeout: idleTimeoutMs } = config;
      const limits = { timeoutMs, idleTimeoutMs };
      const run = await launcher.launch({
        attempt: { runId, taskId: task.id, number: 1, workspace, stateDir, ...limits },
        task,
        claims: [],
        permission: effectivePermission(config),
        prompt: scopePrompt(batch),
      });
      const stop = () => void run.stop();
      abortSignal?.addEventListener('abort', stop, { once: true });
      if (abortSignal?.aborted) stop();
      const exit = await run.exited;
      abortSignal?.removeEventListener('abort', stop);
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
