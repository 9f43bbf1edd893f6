import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EventSink } from '@pwt/core';
import { createCoordinator, type PwtCoordinator, type RepositoryCommand } from '@pwt/default';
import { ask, canAsk } from './ask.js';
import type { CommandContext } from './command-context.js';
import type { Io } from './io.js';

/** Opens the repository that a command works on, with what its flags say. */
async function openCoordinator(
  context: CommandContext,
  sinks: readonly EventSink[] = [],
): Promise<PwtCoordinator> {
  const { io, cwd, flags } = context;
  const { env: childEnv, ...settings } = context.settings;
  const confirm = confirmation(context);
  return createCoordinator({
    ...settings,
    cwd,
    env: io.env,
    ...(childEnv === undefined ? {} : { childEnv }),
    sinks,
    settingsSource: 'command line',
    onWarning: (message) => void io.stderr.write(`${message}\n`),
    trustDir: userStateDir(io.env),
    approvals: { file: join(userStateDir(io.env), 'approvals.json'), ...(confirm ? { confirm } : {}) },
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

/** Where pwt keeps what belongs to the user and to no repository (XDG base directories). */
function userStateDir(env: Io['env']): string {
  const base = env.XDG_STATE_HOME;
  return join(base?.startsWith('/') ? base : join(env.HOME ?? homedir(), '.local/state'), 'pwt');
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
