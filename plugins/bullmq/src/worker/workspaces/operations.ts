import {
  defined,
  type RemoveRequest as ProviderRemoveRequest,
  type RemoveOutcome,
  type Workspace,
} from '@pwt/core';
import type { RemoveRequest } from '../../protocol/operations.js';
import type { Handlers, WorkerContext, WorkerRepository } from '../context.js';
import { noteMade } from '../made.js';
import { emptyAttempts, forgetAttempts } from '../runs/attempt-folders.js';
import { dropNote } from './placement-notes.js';
import { fetchOffered, lastSnapshot, publishAsked } from './publish.js';

type WorkspaceOperation = 'collect' | 'changes' | 'move' | 'remove' | 'foresee' | 'snapshot' | 'close';

/** What is done in workspaces that are here: by `GitWorktreeProvider`, and what comes of it is put on the exchange. */
export function workspaceHandlers(context: WorkerContext): Pick<Handlers, WorkspaceOperation> {
  const { repositories, slots, gateSlots, gates } = context;
  return {
    async collect({ repository: name, workspace, message, intruded }, { abortSignal }) {
      const repository = repositories.named(name);
      const request = { workspace, message, abortSignal, ...defined({ intruded }) };
      const outcome = await repository.provider.collect(request);
      const commit = outcome.status === 'collected' ? outcome.commit : undefined;
      // The coordinator has offered the base itself.
      const ref =
        commit === undefined || commit === workspace.base
          ? undefined
          : await publishAsked(repository, workspace, commit);
      if (commit !== undefined) await noteMade(repository, workspace.id, commit);
      const { snapshot } = outcome;
      const snapshotRef =
        snapshot === undefined ? undefined : await publishAsked(repository, workspace, snapshot.commit);
      return { outcome, ...defined({ ref, snapshotRef }) };
    },

    changes: ({ repository, workspace }) => repositories.named(repository).provider.changes(workspace),

    async move({ repository: name, workspace, onto, message, lists }, { abortSignal }) {
      const repository = repositories.named(name);
      await fetchOffered(repository, [onto]);
      const request = { workspace, onto, message, abortSignal, ...defined({ lists }) };
      return repository.provider.moveOnto(request);
    },

    async remove(request) {
      const repository = repositories.named(request.repository);
      // Of a coordinator that is gone, perhaps.
      await gates.end(request.workspace.id);
      // The worker itself may be about to remove what is left of an attempt that was given up.
      const outcome = await repository.inTurn(request.workspace, () => removeWorkspace(repository, request));
      if (outcome.status === 'kept') return { outcome };
      for (const room of [slots, gateSlots]) room.release(request.workspace.id);
      await forgetPlacement(repository, request.workspace);
      const { snapshot } = outcome;
      if (snapshot === undefined) return { outcome };
      return {
        outcome,
        snapshotRef: await publishAsked(repository, request.workspace, snapshot.commit),
      };
    },

    async foresee(request) {
      const repository = repositories.named(request.repository);
      if ((await repository.workspace(request.workspace.id)) === undefined) return { status: 'gone' };
      await fetchEvidence(repository, request);
      return repository.provider.foresee(removal(request));
    },

    async snapshot({ repository: name, workspace, reason }) {
      const repository = repositories.named(name);
      const taken = await repository.provider.snapshot({ workspace, reason });
      if (taken === undefined) return {};
      const ref = await publishAsked(repository, workspace, taken.commit);
      return { snapshot: { ref, commit: taken.commit } };
    },

    async close({ repository: name, runId, landed }) {
      const repository = repositories.named(name);
      await fetchOffered(repository, [landed]);
      // Those that their coordinator knows of are gone by now. A worker that was set back has more.
      for (const workspace of await repository.provider.list({ runId }))
        if (workspace.kind === 'scratch')
          await repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
      await repository.provider.close({ runId, ...defined({ landed }) });
      await repository.mirror.forget(runId);
      await forgetAttempts(repository, runId);
      return null;
    },
  };
}

/** What was noted of a workspace that is gone. */
async function forgetPlacement(
  repository: WorkerRepository,
  { id, runId, taskId }: Workspace,
): Promise<void> {
  await dropNote(repository, id);
  if (taskId !== undefined) await emptyAttempts(repository, { runId, taskId });
}

/** A workspace that is gone was removed by an earlier call, perhaps: the snapshot of then is named again. */
async function removeWorkspace(repository: WorkerRepository, request: RemoveRequest): Promise<RemoveOutcome> {
  const { workspace, force = [] } = request;
  const isHere = (await repository.workspace(workspace.id)) !== undefined;
  if (!isHere) {
    const snapshot = await lastSnapshot(repository, workspace);
    return { status: 'gone', ...defined({ snapshot }) };
  }
  await fetchEvidence(repository, request);
  // What is given up is on the exchange before it goes.
  if (force.length > 0 && workspace.kind === 'task') {
    const reason = request.reason ?? 'before removal';
    const kept = await repository.provider.snapshot({ workspace, reason });
    if (kept !== undefined) await publishAsked(repository, workspace, kept.commit);
  }
  return repository.provider.remove(removal(request));
}

/** The commits that say what is safe, so that the evidence is the same as on the coordinator's machine. */
async function fetchEvidence(
  repository: WorkerRepository,
  { containedIn, landedAs }: RemoveRequest,
): Promise<void> {
  await fetchOffered(repository, [containedIn, landedAs?.commit, landedAs?.as, landedAs?.over]);
}

function removal({ workspace, containedIn, landedAs, force, reason }: RemoveRequest): ProviderRemoveRequest {
  return { workspace, ...defined({ containedIn, landedAs, force, reason }) };
}
