import { PwtError } from '@pwt/core';

/** True for a full object id: 40 hex digits (SHA-1) or 64 (SHA-256), in lower case. */
export function isObjectId(name: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/**
 * Refuses everything but a full object id.
 *
 * @throws PWT_BAD_OBJECT_ID
 */
export function requireObjectId(id: string): void {
  if (isObjectId(id)) return;
  throw new PwtError('PWT_BAD_OBJECT_ID', `Not a full object id: ${JSON.stringify(id)}`, { data: { id } });
}
