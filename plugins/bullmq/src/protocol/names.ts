import { createHash } from 'node:crypto';
import type { Requirement } from './requirement.js';

/** What a queue, a worker and a repository may be called: it becomes part of Redis keys, refs and folders. */
export const NAME: RegExp = /^[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){0,62}$/i;

/** Where BullMQ keeps its keys, and the plugin its own. */
export const KEY_PREFIX = 'pwt';

/** The queue of what any worker that meets a requirement may take. BullMQ refuses `:` in names. */
export function sharedQueue(queue: string, requirement: Requirement): string {
  return `${queue}.${requirementId(requirement)}`;
}

/** The queue of what only one worker can do: it has the workspace. */
export function ownQueue(queue: string, worker: string): string {
  return `${queue}@${worker}`;
}

/** The same for the same requirement, whatever the order of its labels. */
export function requirementId(requirement: Requirement): string {
  return createHash('sha256').update(canonical(requirement)).digest('hex').slice(0, 16);
}

/** The plugin's own keys. All of them expire, or are bounded. */
export const keys = {
  /** A set of the ids of workers that have been seen. */
  workers: (queue: string): string => `${KEY_PREFIX}:${queue}:workers`,
  /** What a worker says of itself; expires when it is silent. */
  worker: (queue: string, worker: string): string => `${KEY_PREFIX}:${queue}:worker:${worker}`,
  /** A set of the ids of requirements that coordinators have announced. */
  requirements: (queue: string): string => `${KEY_PREFIX}:${queue}:requirements`,
  /** A {@link Requirement} as JSON; expires when no coordinator needs it any more. */
  requirement: (queue: string, id: string): string => `${KEY_PREFIX}:${queue}:requirement:${id}`,
  /** Published to when there is a new requirement. */
  news: (queue: string): string => `${KEY_PREFIX}:${queue}:news`,
  /** Published to with a {@link ControlMessage} as JSON. */
  control: (queue: string, worker: string): string => `${KEY_PREFIX}:${queue}:control:${worker}`,
  /** Set while an attempt is to be stopped, for workers that have missed the message; expires. */
  stopped: (queue: string, attempt: string): string => `${KEY_PREFIX}:${queue}:stopped:${attempt}`,
};

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
