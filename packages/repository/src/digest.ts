import { createHash } from 'node:crypto';

/** Enough of a SHA-256 to tell contents apart; nothing can be read from it. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 24);
}
