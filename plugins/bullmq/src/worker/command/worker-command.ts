import { defined, type PluginCommand, type PluginContext } from '@pwt/core';

import { resolveAddress } from '../../exchange/remote/address.js';
import { readOptions } from '../../options.js';
import { gitOf } from '../../project-git.js';
import { repositoryName } from '../../protocol/repository-name.js';
import type { WorkerParts } from '../start-worker.js';
import type { WorkerDefaults } from './arguments.js';
import { runWorkerCommand } from './run-command.js';
import { readVersion } from './version.js';

/** `pwt worker`: joins the queue of this project, unless flags say something else. */
export function workerCommand(parts: WorkerParts): PluginCommand {
  return {
    summary: 'Take tasks of other machines: run their agents and gates here.',
    run: ({ argv, context, options, stdout, stderr }) =>
      runWorkerCommand({
        ...{ argv, parts, stdout, stderr },
        program: 'pwt worker',
        cwd: context.projectRoot,
        env: context.env,
        version: readVersion(),
        defaults: () => projectDefaults(context, options, argv),
        signals: process,
      }),
  };
}

async function projectDefaults(
  context: PluginContext,
  written: unknown,
  argv: readonly string[],
): Promise<WorkerDefaults> {
  const { redis, queue, remote, repository, labels, timings } = readOptions(context, written);
  const base = { redis, queue, labels, timings };
  // What the command line names need not be there in the project.
  if (argv.some((word) => /^--remote(=|$)/.test(word))) return base;
  const address = await resolveAddress(gitOf(context), remote);
  const name = repository ?? repositoryName(address);
  const remotes = name === undefined ? undefined : [{ name, address }];
  return { ...base, ...defined({ remotes }) };
}
