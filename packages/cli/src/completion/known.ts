import { resolve } from 'node:path';
import { statusOf } from '@pwt/core';
import { createCoordinator, type PwtCoordinator } from '@pwt/default';
import type { Io } from '../io.js';
import { userState } from '../user-state.js';
import type { Known } from './complete.js';

/** So many runs are offered, the newest first. */
const MOST_RUNS = 20;

/**
 * What the repository in a folder has. Nothing is written, and no code of the repository is run, approved or not: tasks of
 * plugins and settings of a configuration that is code are not known here.
 */
export function knownIn(io: Pick<Io, 'cwd' | 'env'>, before: readonly string[]): Known {
  const cwd = resolve(io.cwd, wordAfter(before, '-C') ?? wordAfter(before, '--cwd') ?? '.');
  const config = wordAfter(before, '--config');
  const inRepository = async <T>(
    list: (coordinator: PwtCoordinator) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    const { trustDir } = userState(io.env);
    const coordinator = await createCoordinator({
      ...{ cwd, env: io.env, trustDir },
      // A file that is not there approves nothing.
      approvals: { file: resolve(trustDir, 'nothing-is-approved.json'), unapprovedCode: 'skip' },
      ...(config === undefined ? {} : { configFile: resolve(cwd, config) }),
    });
    try {
      return await list(coordinator);
    } finally {
      await coordinator.dispose();
    }
  };
  return {
    tasks: () =>
      inRepository(async (coordinator) =>
        (await coordinator.tasks()).map(({ id, title }) => ({ value: id, about: title })),
      ),
    runTasks: (runId) =>
      inRepository(async ({ runs }) => {
        const state = await (runId === undefined ? runs.latest() : runs.state(runId));
        return [...(state?.tasks.values() ?? [])].map((task) => ({
          value: task.task.id,
          about: `${statusOf(task, state ?? {})}: ${task.task.title}`,
        }));
      }),
    runs: () =>
      inRepository(async ({ runs }) =>
        [...(await runs.list())]
          .reverse()
          .slice(0, MOST_RUNS)
          .map((value) => ({ value })),
      ),
    plugins: () =>
      inRepository(async ({ config }) =>
        config.plugins.map((plugin) => (typeof plugin === 'string' ? plugin : plugin[0])),
      ),
    presets: async () => {
      const { presets } = await import('@pwt/launcher');
      return presets.map(({ name }) => ({ value: name }));
    },
    formats: async () => {
      const { formats } = await import('@pwt/sources');
      return formats.map(({ name }) => ({ value: name }));
    },
  };
}

function wordAfter(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}
