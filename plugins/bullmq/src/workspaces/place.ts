import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CreatedWorkspace,
  hasCode,
  PwtError,
  privateModes,
  type SetupReport,
  throwIfAborted,
} from '@pwt/core';
import type { Placed } from '../protocol/operations.js';
import { gateRequirement, taskRequirement } from '../run-settings.js';
import type { WorkspacesContext } from './context.js';
import { offerWork } from './known-work.js';
import type { Housed, Placement } from './placement.js';

export interface Waiting {
  readonly abortSignal?: AbortSignal | undefined;
}

/** How long to wait before a workspace is asked for again whose worker had no room on its disk, in milliseconds. */
const PAUSES_MS = [0, 100, 500, 1000, 2000, 5000, 10_000, 20_000];

/** A workspace that a worker has made. */
export interface Made {
  readonly placement: Housed;
  readonly setup?: CreatedWorkspace['setup'];
}

/**
 * Has a workspace made by any worker that may, with the work that is on record of it. The placement is on record before and after,
 * so that a process that follows on this one asks for the same.
 *
 * @throws PwtError as the worker or the fleet says; where a later call can't find the same, the record goes back to what it was
 */
export async function place(context: WorkspacesContext, wanted: Placement, options: Waiting): Promise<Made> {
  const { placing = { job: jobOf(wanted) } } = wanted;
  const asked = await record(context, wanted, (one) => ({ ...one, placing }));
  const placed = await ask(context, asked, options).catch(async (error: unknown) => {
    if (isOver(error)) await takeBack(context, wanted);
    throwIfAborted(options.abortSignal);
    throw await explained(context, wanted, error);
  });
  const setup = placed.setup && (await keepSetup(context, wanted, placed.setup));
  const home = { worker: placed.worker, workspace: placed.workspace };
  const made = await record(context, asked, ({ placing, lost, ...one }) => {
    return { ...one, home, homes: one.homes + 1 };
  });
  return { placement: { ...made, home }, ...(setup && { setup }) };
}

/** Others may put on record what they know of the same workspace meanwhile. */
async function record(
  { placements }: WorkspacesContext,
  wanted: Placement,
  change: (placement: Placement) => Placement,
): Promise<Placement> {
  const changed = await placements.update(wanted.id, change);
  if (changed !== undefined) return changed;
  const first = change(wanted);
  await placements.write(first);
  return first;
}

/** Asks the fleet. What the exchange should have and has not is offered once more. */
async function ask(
  context: WorkspacesContext,
  placement: Placement,
  { abortSignal }: Waiting,
): Promise<Placed> {
  const { exchange, placements } = context;
  const attempt = async (job: string, isAgain: boolean) => {
    await exchange.offer(placement.runId, placement.start, isAgain);
    const restore = placement.saved && (await offerWork(context, placement, placement.saved, isAgain));
    const options = { job, ...(abortSignal && { abortSignal }) };
    return request(context, placement, restore, options);
  };
  let job = placement.placing?.job ?? jobOf(placement);
  let isMissing = false;
  for (let full = 0; ; ) {
    try {
      return await attempt(job, isMissing);
    } catch (error) {
      const pause = hasCode(error, 'PWT_WORKER_DISK_FULL') ? PAUSES_MS[full++] : undefined;
      if (pause !== undefined) {
        if (full === 1) context.warn(`Another worker is asked: ${(error as Error).message}`);
        // Whoever has waited longest takes the next one.
        await delay(pause, undefined, abortSignal && { signal: abortSignal });
      } else if (hasCode(error, 'PWT_EXCHANGE_MISSING') && !isMissing) isMissing = true;
      else throw error;
      job = jobOf(placement);
      const placing = { job };
      await placements.update(placement.id, (one) => ({ ...one, placing }));
    }
  }
}

function request(
  { fleet, repository, settings }: WorkspacesContext,
  { kind, runId, taskId = '', title, runsOn, start }: Placement,
  restore: Awaited<ReturnType<typeof offerWork>> | undefined,
  options: { readonly job: string; readonly abortSignal?: AbortSignal },
): Promise<Placed> {
  const { setup } = settings;
  const what = { v: 1, repository, runId, ...(setup && { setup }) } as const;
  if (kind === 'scratch')
    return fleet.place('scratch', gateRequirement(repository, settings), { ...what, commit: start }, options);
  return fleet.place(
    'place',
    taskRequirement(repository, settings, runsOn),
    { ...what, taskId, title, base: start, ...(restore && { restore }) },
    options,
  );
}

/** Whether a worker, or the user, has decided: the same job would not be done any more. */
function isOver(error: unknown): boolean {
  return !hasCode(error, 'PWT_REDIS_UNREACHABLE') && !hasCode(error, 'PWT_EXCHANGE_UNREACHABLE');
}

async function takeBack({ placements }: WorkspacesContext, { id }: Placement): Promise<void> {
  const found = await placements.read(id);
  if (found === undefined) return;
  if (found.home === undefined) await placements.delete(id);
  else await placements.update(id, ({ placing, ...rest }) => rest);
}

async function keepSetup(
  context: WorkspacesContext,
  placement: Placement,
  { durationMs, log }: NonNullable<Placed['setup']>,
): Promise<SetupReport> {
  const logFile = await writeLog(context, placement, await context.exchange.open(log));
  return { durationMs, logFile };
}

/** A log of a worker's is of no use by its path: what came of it is kept here. */
async function explained(context: WorkspacesContext, placement: Placement, error: unknown): Promise<unknown> {
  if (!hasCode(error, 'PWT_SETUP_FAILED') || typeof error.data?.output !== 'string') return error;
  const logFile = await writeLog(context, placement, error.data.output);
  return new PwtError(error.code, error.message, {
    hint: `The end of its output is in ${logFile}. Correct the command or its surroundings, and run the task again.`,
    data: { ...error.data, logFile },
    cause: error,
  });
}

async function writeLog(
  { stateDir }: WorkspacesContext,
  { runId, id }: Placement,
  text: string,
): Promise<string> {
  const file = join(stateDir, 'runs', runId, 'setup', `${id}.log`);
  await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
  await writeFile(file, text, { mode: privateModes.file });
  return file;
}

/** A name of its own for each time that a workspace is asked for: a job that was taken answers no later one. */
function jobOf({ id }: Placement): string {
  return `place-${id}-${randomBytes(6).toString('hex')}`;
}
