import { resolve } from 'node:path';
import { defined, type EventSink } from '@pwt/core';
import { createCoordinator, type PwtCoordinator, type RepositoryCommand } from '@pwt/default';
import { ask, canAsk } from './ask.js';
import { bundledPlugins } from './bundled-plugins.js';
import type { CommandContext } from './command-context.js';
import { userState } from './user-state.js';

/** Opens the repository that a command works on, with what its flags say. */
async function openCoordinator(
  context: CommandContext,
  sinks: readonly EventSink[] = [],
): Promise<PwtCoordinator> {
  const { io, cwd, flags } = context;
  const { env: childEnv, ...settings } = context.settings;
  const confirm = confirmation(context);
  const { trustDir, approvals } = userState(io.env);
  return createCoordinator({
    ...settings,
    cwd,
    env: io.env,
    ...defined({ childEnv, pwt: io.pwt }),
    sinks,
    settingsSource: 'command line',
    onWarning: (message) => void io.stderr.write(`${message}\n`),
    trustDir,
    bundledPlugins,
    approvals: {
      ...approvals,
      ...(confirm ? { confirm } : {}),
      unapprovedCode: context.worksWithoutCode === true ? 'skip' : 'refuse',
    },
    ...(typeof flags.config === 'string' ? { configFile: resolve(cwd, flags.config) } : {}),
  });
}

/** Opens a repository for as long as something takes. */
export async function withCoordinator<T>(
  context: CommandContext,
  body: (coordinator: PwtCoordinator) => Promise<T>,
  sinks?: readonly EventSink[],
): Promise<T> {
  const coordinator = await openCoordinator(context, sinks);
  try {
    return await body(coordinator);
  } finally {
    await coordinator.dispose();
  }
}

/** How the user is asked about commands out of the repository: not at all, always yes, or on the terminal. */
function confirmation({
  io,
  flags,
}: CommandContext): ((commands: readonly RepositoryCommand[]) => Promise<boolean>) | undefined {
  if (flags.yes === true) return async () => true;
  if (!canAsk(io)) return undefined;
  return async (commands) => {
    io.stderr.write('The configuration of this repository wants to run:\n');
    for (const { kind, text } of commands) io.stderr.write(`  ${kind}: ${JSON.stringify(text)}\n`);
    return ask(io, 'Run these, now and later?');
  };
}
