import { hasCode } from '@pwt/core';
import type { ProposedScopes, PwtCoordinator, ScopeProposal } from '@pwt/default';
import { ask, canAsk } from '../ask.js';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { oneLine } from '../format/text.js';
import { count } from '../format/units.js';
import { type Io, printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt scope [ids…]`: has an agent propose the files of tasks that name none, and writes what the user approves. */
export async function scope(context: CommandContext): Promise<number> {
  const { io, json } = context;
  return withCoordinator(context, async (coordinator) => {
    const proposed = await propose(context, coordinator);
    if (proposed === undefined) {
      if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, interrupted: true, written: null });
      return exitCodes.interrupted;
    }
    if (!json) for (const line of proposalLines(proposed)) printLine(io, line);
    const { proposals, without } = proposed;
    const isWanted = proposals.length > 0 && (await isApproved(context, proposed));
    const file = isWanted ? await coordinator.keepScopes(proposals) : undefined;
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...jsonOf(proposed), written: file ?? null });
    else if (file !== undefined) printLine(io, `Wrote ${file}. Next: pwt plan`);
    return without.length === 0 || proposals.length > 0 ? exitCodes.ok : exitCodes.tasksFailed;
  });
}

/** Ctrl-C ends the agents, and nothing is written. @returns `undefined` then */
async function propose(
  { io, json, args }: CommandContext,
  coordinator: PwtCoordinator,
): Promise<ProposedScopes | undefined> {
  const abort = new AbortController();
  const stopListening = io.onSignal(() => {
    if (!abort.signal.aborted) io.stderr.write('\nStopping the agents. Nothing is written.\n');
    abort.abort();
  });
  try {
    return await coordinator.proposeScopes({
      taskIds: args,
      abortSignal: abort.signal,
      onProgress: (done, total) => {
        if (!json) io.stderr.write(`${done} of ${count(total, 'task')} asked about\n`);
      },
    });
  } catch (error) {
    if (abort.signal.aborted && hasCode(error, 'PWT_ABORTED')) return undefined;
    throw error;
  } finally {
    stopListening();
  }
}

async function isApproved(
  { io, json, flags }: CommandContext,
  { file, proposals }: ProposedScopes,
): Promise<boolean> {
  if (flags.write === true) return true;
  if (!json && canAsk(io))
    return ask(io, `Write the files of ${count(proposals.length, 'task')} to ${file}?`);
  if (!json) notWritten(io, file);
  return false;
}

function notWritten(io: Io, file: string): void {
  printLine(
    io,
    `Nothing is written: there is nobody to ask. To have it written to ${file}: pwt scope --write`,
  );
}

function proposalLines({ proposals, without, file }: ProposedScopes): string[] {
  if (proposals.length === 0 && without.length === 0)
    return [`Every task says which files it changes: nothing is to be added to ${file}.`];
  return [
    ...proposals.flatMap(linesOf),
    ...without.map(({ task, reason }) => `${task.id}  ${oneLine(task.title)}: no files (${oneLine(reason)})`),
    '',
  ];
}

function linesOf({ task, files, refused }: ScopeProposal): string[] {
  return [
    `${task.id}  ${oneLine(task.title)}`,
    ...Object.entries(files).flatMap(([mode, paths]) =>
      paths.map((path) => `  ${mode.padEnd(6)}  ${oneLine(path)}`),
    ),
    ...refused.map((what) => `  left out: ${oneLine(what)}`),
  ];
}

function jsonOf({ proposals, without, file }: ProposedScopes) {
  return {
    file,
    proposals: proposals.map(({ task, files, refused }) => ({ taskId: task.id, files, refused })),
    without: without.map(({ task, reason }) => ({ taskId: task.id, reason })),
  };
}
