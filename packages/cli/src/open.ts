import { once } from 'node:events';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EventSink } from '@pwt/core';
import { createCoordinator, type PwtCoordinator, type RepositoryCommand } from '@pwt/default';
import type { CommandContext } from './command-context.js';
import type { Io } from './io.js';

/** Opens the repository that a command works on, with what its flags say. */
async function openCoordinator(
  context: CommandContext,
  sinks: readonly EventSink[] = [],
): Promise<PwtCoordinator> {
  const { io, cwd, flags, settings } = context;
  const confirm = confirmation(context);
  return createCoordinator({
    ...settings,
    cwd,
    env: io.env,
    sinks,
    settingsSource: 'command line',
    onWarning: (message) => void io.stderr.write(`${message}\n`),
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
  if (!io.stdin.isTTY || !io.stderr.isTTY) return undefined;
  return async (commands) => {
    const { createInterface } = await import('node:readline/promises');
    io.stderr.write('The configuration of this repository wants to run:\n');
    for (const { kind, text } of commands) io.stderr.write(`  ${kind}: ${JSON.stringify(text)}\n`);
    const terminal = createInterface({ input: io.stdin, output: io.stderr });
    try {
      // Ctrl-C and Ctrl-D close the terminal and leave the question unanswered: that is a no.
      terminal.once('SIGINT', () => terminal.close());
      const closed = once(terminal, 'close').then(() => '');
      const answer = await Promise.race([terminal.question('Run these, now and later? [y/N] '), closed]);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };
}
