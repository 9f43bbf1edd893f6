import { PwtError, type PwtErrorCode, type Workspace } from '@pwt/core';
import type * as z from 'zod';
import type {
  InWorkspace,
  OperationName,
  Operations,
  PlacementName,
  Placements,
} from '../protocol/operations.js';
import { MAX_JOB_BYTES, requestSchemas } from '../protocol/schemas.js';
import { type Allowed, refusalOf } from './allowed.js';
import type { WorkerRepository } from './context.js';
import { earlierState } from './earlier-state.js';
import { hasMade } from './made.js';

type Name = OperationName | PlacementName;
type Requests = { readonly [O in OperationName]: Operations[O]['request'] } & {
  readonly [P in PlacementName]: Placements[P]['request'];
};

/** A job that was looked through: the worker may do what it asks. */
export interface SoundJob<N extends Name = Name> {
  readonly name: N;
  readonly request: Requests[N];
  readonly repository: WorkerRepository;
}

/**
 * Looks a job through before anything is done. Of its workspace, only the id counts: the rest is replaced by the worker's own record.
 * Touches nothing.
 *
 * @throws PwtError `PWT_JOB_INVALID` if it is not what a coordinator of this version writes, `PWT_JOB_NOT_ALLOWED` if the operator
 * has not allowed its repository or one of its commands, `PWT_WORKSPACE_UNKNOWN` for a workspace that is not here
 */
export async function validateJob(
  job: { readonly name: string; readonly data: unknown },
  {
    allowed,
    repository,
  }: { readonly allowed: Allowed; readonly repository: (name: string) => WorkerRepository | undefined },
): Promise<SoundJob> {
  if (!isName(job.name)) throw invalid(job.name, 'there is no such operation');
  const size = sizeOf(job.data);
  if (size > MAX_JOB_BYTES) throw invalid(job.name, `it has ${size} bytes (limit ${MAX_JOB_BYTES})`);
  if (hasForbiddenKey(job.data)) throw invalid(job.name, 'it has a key __proto__, or is nested too deeply');
  const parsed = requestSchemas[job.name].safeParse(job.data);
  if (!parsed.success) throw invalid(job.name, issueText(parsed.error));
  const request = parsed.data as Requests[Name];
  const refusal = refusalOf(allowed, commandsOf(request));
  if (refusal !== undefined) throw refused('PWT_JOB_NOT_ALLOWED', job.name, refusal);
  const found = repository(request.repository);
  if (found === undefined)
    throw refused('PWT_JOB_NOT_ALLOWED', job.name, `there is no repository ${request.repository} here`);
  return { name: job.name, request: await withOwnRecord(job.name, request, found), repository: found };
}

async function withOwnRecord(
  name: Name,
  request: Requests[Name],
  repository: WorkerRepository,
): Promise<Requests[Name]> {
  if (!('workspace' in request)) return request;
  const { workspace } = request;
  const own = await repository.workspace(workspace.id);
  // A workspace that is gone is removed already.
  if (own === undefined && (name === 'remove' || name === 'foresee')) return request;
  if (own === undefined) {
    throw new PwtError('PWT_WORKSPACE_UNKNOWN', `This worker has no workspace ${workspace.id}.`, {
      data: { id: workspace.id },
    });
  }
  if (own.runId !== workspace.runId || own.taskId !== workspace.taskId || own.kind !== workspace.kind)
    throw invalid(name, `workspace: ${workspace.id} is another run's, or another task's`);
  const attempt = 'attempt' in request ? request.attempt : undefined;
  if (attempt !== undefined && (attempt.runId !== own.runId || attempt.taskId !== own.taskId))
    throw invalid(name, `attempt: it is not of the task of ${workspace.id}`);
  // What removes one looks for itself what is in it.
  if (name !== 'remove' && name !== 'foresee') await refuseEarlier(name, request, own, repository);
  return { ...request, workspace: own };
}

/**
 * A folder that was set back, as from a backup, has workspaces as they were: what has been done in them since is on the exchange and with
 * the coordinator, which has such a workspace made again.
 */
async function refuseEarlier(
  name: Name,
  { workspace: { id, base }, latest }: Pick<InWorkspace, 'workspace' | 'latest'>,
  own: Workspace,
  repository: WorkerRepository,
): Promise<void> {
  const isLatest = latest === undefined || (await hasMade(repository, id, latest));
  if (isLatest && (name !== 'run' || own.base === base)) return;
  throw earlierState(id);
}

function commandsOf(request: Requests[Name]): Parameters<typeof refusalOf>[1] {
  return {
    ...('agents' in request ? { agents: request.agents } : {}),
    ...('gate' in request ? { gate: request.gate } : {}),
    ...('setup' in request ? { setup: request.setup } : {}),
  };
}

function isName(name: string): name is Name {
  return Object.hasOwn(requestSchemas, name);
}

function sizeOf(data: unknown): number {
  return Buffer.byteLength(JSON.stringify(data) ?? '');
}

const MAX_DEPTH = 20;

function hasForbiddenKey(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some((one) => hasForbiddenKey(one, depth + 1));
}

function issueText({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join('.') ?? '';
  return `${place === '' ? '' : `${place}: `}${issue?.message ?? 'not readable'}`;
}

function invalid(name: string, why: string): PwtError {
  return refused('PWT_JOB_INVALID', name, why);
}

/** What comes from outside is cut, and shown as a JSON string where it is not plain. */
function refused(code: PwtErrorCode, name: string, why: string): PwtError {
  const job = /^[\w-]{1,40}$/.test(name) ? name : JSON.stringify(name.slice(0, 40));
  const reason = why.slice(0, 500);
  return new PwtError(code, `The job ${job} was refused: ${reason}.`, { data: { job, reason } });
}
