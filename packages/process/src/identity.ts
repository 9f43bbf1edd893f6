import type { ProcessIdentity } from '@pwt/core';
import { currentSystem } from './system/current.js';

/**
 * The identity of the process that has this pid now, or `undefined` if there is none or it is a zombie.
 *
 * Synchronous: two small reads on Linux, one `ps` on macOS.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export function identify(pid: number): ProcessIdentity | undefined {
  const system = currentSystem();
  const startTime = Number.isSafeInteger(pid) && pid > 0 ? system.startTime(pid) : undefined;
  return startTime === undefined ? undefined : { pid, startTime, bootId: system.bootId() };
}

/**
 * The identity of the calling process.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export function selfIdentity(): ProcessIdentity {
  const self = identify(process.pid);
  if (self === undefined) throw new Error(`process ${process.pid} is missing from the process table`);
  return self;
}

/**
 * True while exactly this process runs. A zombie counts as dead, and so does a recycled pid.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== undefined && isSameProcess(now, identity);
}

/** True if both name the same process of the same boot. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}
