import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, privateModes, type Verdict } from '@pwt/core';
import { fallbackIdentity, readIdentity } from '@pwt/git';
import { CommandGate } from '@pwt/merger';
import { refs } from '../../exchange/refs.js';
import type { Shipment } from '../../protocol/operations.js';
import type { Handler, WorkerContext, WorkerRepository } from '../context.js';

/** A stopped gate may take this long to end by itself. */
const GRACE_MS = 3000;

/** Runs gates in checkouts that are here. A gate changes nothing outside of its checkout, so it may be run again. */
export function gateHandler(context: WorkerContext): Handler<'gate'> {
  return async (request, { abortSignal }) => {
    const { repository: name, workspace, runId, subject, commit, changedPaths, complete } = request;
    const repository = context.repositories.named(name);
    const leave = await context.gateSlots.enter(workspace.id, { abortSignal });
    const run = `${workspace.id.replace(/[^\w.-]/g, '_')}-${randomBytes(4).toString('hex')}`;
    const folder = join(repository.stateDir, 'gates', run);
    try {
      await mkdir(folder, { recursive: true, mode: privateModes.folder });
      const gate = new CommandGate({
        ...request.gate,
        ...{ env: context.env, graceMs: GRACE_MS },
        identity: async () => (await readIdentity(repository.mirror.git)) ?? fallbackIdentity,
      } as ConstructorParameters<typeof CommandGate>[0]);
      const logFile = join(folder, 'gate.log');
      const asked = { runId, subject, commit, workspace, logFile, abortSignal };
      const verdict = await gate.run({ ...asked, ...defined({ changedPaths, complete }) });
      context.log.info(`gate of run ${runId}: ${verdict.status}`);
      return { verdict, logs: await shipLogs(repository, verdict, { runId, run, logFile }) };
    } finally {
      leave();
      // The logs have been shipped, or nobody waits for them.
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function shipLogs(
  { mirror }: WorkerRepository,
  { parts }: Verdict,
  { runId, run, logFile }: { readonly runId: string; readonly run: string; readonly logFile: string },
): Promise<Readonly<Record<string, Shipment>>> {
  const files: readonly (readonly [string, string])[] =
    parts === undefined ? [['', logFile]] : parts.map((part) => [part.name, part.logFile]);
  const logs: Record<string, Shipment> = {};
  for (const [name, file] of files)
    logs[name] = await mirror.ship(file, refs.log(runId, `gates/${run}/${name === '' ? 'gate' : name}`));
  return logs;
}
