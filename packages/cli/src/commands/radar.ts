import { setTimeout as pause } from 'node:timers/promises';
import type { RadarLook, RadarLookRequest, RepositoryRadar } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { radarLines } from '../view/radar-text.js';

/** How long nothing is looked at after a look, at least; and at most one part in so many of the time is spent on looks. */
const PAUSE_MS = 1000;
const TIME_SHARE = 12;

/** `pwt radar`: where the worktrees of a repository collide, with or without a run. */
export async function radar(context: CommandContext): Promise<number> {
  const { flags, io } = context;
  const again = flags.watch === true;
  return withCoordinator(context, async (coordinator) => {
    const stopped = new AbortController();
    // What is kept between two looks is deleted also after Ctrl-C.
    const forget = io.onSignal(() => stopped.abort());
    const opened = coordinator.radar({ again });
    const { signal: abortSignal } = stopped;
    const request = { abortSignal, ...(typeof flags.onto === 'string' && { onto: flags.onto }) };
    try {
      if (again) await lookAgain(context, opened, request);
      else print(context, await opened.look(request));
    } catch (error) {
      if (abortSignal.aborted) return exitCodes.interrupted;
      throw error;
    } finally {
      forget();
      await opened.dispose();
    }
    return exitCodes.ok;
  });
}

async function lookAgain(
  context: CommandContext,
  opened: RepositoryRadar,
  request: RadarLookRequest & { readonly abortSignal: AbortSignal },
): Promise<void> {
  const { abortSignal: signal } = request;
  let last = '';
  while (!signal.aborted) {
    const startedAt = performance.now();
    const look = await opened.look(request);
    const seen = JSON.stringify([look.onto, look.checkouts]);
    if (seen !== last) print(context, look);
    last = seen;
    const tookMs = performance.now() - startedAt;
    await pause(Math.max(PAUSE_MS, tookMs * TIME_SHARE), undefined, { signal }).catch(() => undefined);
  }
}

function print({ io, json }: CommandContext, look: RadarLook): void {
  if (json)
    printJson(io, { schemaVersion: SCHEMA_VERSION, ...look, durationMs: Math.round(look.durationMs) });
  else for (const line of radarLines(look, colours(io.env, io.stdout.isTTY === true))) printLine(io, line);
}
