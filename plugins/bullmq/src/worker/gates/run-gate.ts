import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, privateModes, type Verdict, type Workspace } from '@pwt/core';
import { fallbackIdentity, readIdentity } from '@pwt/git';
import { CommandGate } from '@pwt/merger';
import { sweep } from '@pwt/process';
import { refs } from '../../exchange/refs.js';
import type { GateReport, GateRunRequest, Shipment } from '../../protocol/operations.js';
import type { Handler, WorkerContext, WorkerRepository } from '../context.js';
import { saidIfFull } from '../disk-full.js';
import { earlierState } from '../earlier-state.js';
import { retried } from '../runs/retried.js';

/** A stopped gate may take this long to end by itself. */
const GRACE_MS = 3000;

/** Runs gates in checkouts that are here. A gate changes nothing outside of its checkout, so it may be run again. */
export function gateHandler(context: WorkerContext): Handler<'gate'> {
  const swept = new Set<string>();
  return (request, tools) =>
    context.gates.run(request.workspace.id, tools.abortSignal, (signal) =>
      run(context, swept, request, signal),
    );
}

async function run(
  context: WorkerContext,
  swept: Set<string>,
  request: GateRunRequest,
  abortSignal: AbortSignal,
): Promise<GateReport> {
  const { repository: name, workspace, runId, subject, commit, changedPaths, complete } = request;
  const repository = context.repositories.named(name);
  // A verdict on another commit would let in what nobody has tested.
  if (workspace.base !== commit) throw earlierState(workspace.id);
  const leave = await context.gateSlots.enter(workspace.id, { abortSignal });
  const own = `${workspace.id.replace(/[^\w.-]/g, '_')}-${randomBytes(4).toString('hex')}`;
  const folder = join(repository.stateDir, 'gates', own);
  const mark = markOf(workspace);
  try {
    await saidIfFull(context.id, () => mkdir(folder, { recursive: true, mode: privateModes.folder }));
    // A process of this worker that was killed may have left a gate at work there.
    if (!swept.has(mark)) await sweep(mark);
    swept.add(mark);
    const gate = new CommandGate({
      ...request.gate,
      ...{ env: marked(context.env, mark), graceMs: GRACE_MS },
      identity: async () => (await readIdentity(repository.mirror.git)) ?? fallbackIdentity,
    } as ConstructorParameters<typeof CommandGate>[0]);
    const logFile = join(folder, 'gate.log');
    const asked = { runId, subject, commit, workspace, logFile, abortSignal };
    const verdict = await gate.run({ ...asked, ...defined({ changedPaths, complete }) });
    context.log.info(`gate of run ${runId}: ${verdict.status}`);
    const logs = await retried(() => shipLogs(repository, verdict, { runId, own, logFile }), {
      ...{ clock: context.clock, signal: abortSignal },
      onTrouble: (message) => context.log.warn(`gate of run ${runId}: its log is not pushed yet: ${message}`),
    });
    return { verdict, logs };
  } finally {
    leave();
    // The logs have been shipped, or nobody waits for them.
    await rm(folder, { recursive: true, force: true });
  }
}

/** On all processes of the gates in a checkout, from one process of this worker to the next. */
function markOf({ path }: Workspace): string {
  return `gate-at-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
}

/** A process has the marks that were there when it was started, and its own. */
function marked(env: WorkerContext['env'], mark: string): WorkerContext['env'] {
  const { PWT_MARK: outer } = env;
  return { ...env, PWT_MARK: outer === undefined || outer === '' ? mark : `${outer},${mark}` };
}

async function shipLogs(
  { mirror }: WorkerRepository,
  { parts }: Verdict,
  { runId, own, logFile }: { readonly runId: string; readonly own: string; readonly logFile: string },
): Promise<Readonly<Record<string, Shipment>>> {
  const files: readonly (readonly [string, string])[] =
    parts === undefined ? [['', logFile]] : parts.map((part) => [part.name, part.logFile]);
  const logs: Record<string, Shipment> = {};
  for (const [name, file] of files)
    logs[name] = await mirror.ship(file, refs.log(runId, `gates/${own}/${name === '' ? 'gate' : name}`));
  return logs;
}
