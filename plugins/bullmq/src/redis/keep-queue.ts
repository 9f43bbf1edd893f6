import type { ChainableCommander } from 'ioredis';
import { KEY_PREFIX } from '../protocol/names.js';
import { MAX_EVENTS, QUEUE_EXPIRES_MS } from '../protocol/queues.js';

/** What BullMQ keeps of a queue without a job in it; the last two list jobs that may be gone. */
const LASTING = ['meta', 'id', 'events', 'completed', 'failed'];

/**
 * Says that a queue is in use: what BullMQ keeps of one that nobody uses any more expires, since BullMQ itself keeps it for ever. And
 * bounds its events again, in case that Redis has forgotten the bound.
 */
export function keepQueue(commands: ChainableCommander, queue: string): void {
  commands.hset(`${KEY_PREFIX}:${queue}:meta`, 'opts.maxLenEvents', MAX_EVENTS);
  for (const part of LASTING) commands.pexpire(`${KEY_PREFIX}:${queue}:${part}`, QUEUE_EXPIRES_MS);
}
