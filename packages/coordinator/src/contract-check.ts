import { type AgentExit, type AgentHandle, type CommitId, PwtError, type Workspace } from '@pwt/core';

const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** What a plugin must not return, said with its name. */
export function misbehaved(part: string, method: string, what: string, value: unknown): PwtError {
  return new PwtError('PWT_PLUGIN_MISBEHAVED', `${part} broke its contract: ${method} ${what}.`, {
    hint: `Report this to the author of ${part}; nothing was changed because of it.`,
    data: { part, method, value },
  });
}

export function checkCommit(part: string, method: string, value: unknown): CommitId {
  if (typeof value === 'string' && COMMIT_ID.test(value)) return value;
  throw misbehaved(part, method, 'must return a full commit id', value);
}

export function checkWorkspace(part: string, method: string, value: unknown): Workspace {
  const workspace = value as Partial<Workspace> | null;
  if (typeof workspace !== 'object' || workspace === null) {
    throw misbehaved(part, method, 'must return a workspace', value);
  }
  for (const key of ['id', 'provider', 'path', 'base'] as const) {
    if (typeof workspace[key] !== 'string' || workspace[key] === '') {
      throw misbehaved(part, method, `returned a workspace without "${key}"`, value);
    }
  }
  return plain(part, method, workspace as Workspace);
}

export function checkHandle(part: string, value: unknown): AgentHandle {
  const handle = value as Partial<AgentHandle> | null;
  if (typeof handle !== 'object' || handle === null || typeof handle.startedAt !== 'number') {
    throw misbehaved(part, 'launch', 'must return a run whose handle has "startedAt"', value);
  }
  return plain(part, 'launch', handle as AgentHandle);
}

export function checkExit(part: string, value: unknown): AgentExit {
  const exit = value as Partial<AgentExit> | null;
  if (typeof exit !== 'object' || exit === null || typeof exit.kind !== 'string') {
    throw misbehaved(part, 'exited', 'must settle with how the agent ended', value);
  }
  return exit as AgentExit;
}

/** The journal can only hold plain data: anything else would come back different after a crash. */
function plain<T>(part: string, method: string, value: T): T {
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch (cause) {
    throw misbehaved(
      part,
      method,
      `returned something that is not plain data (${String(cause)})`,
      String(value),
    );
  }
}
