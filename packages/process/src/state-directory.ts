import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '@pwt/core';
import { PwtError, privateModes } from '@pwt/core';
import { selfIdentity } from './identity.js';
import { type ProcessExit, parseExitRecord } from './process-exit.js';

/** Who holds a state directory. A state directory has at most one lease, ever. */
export interface Lease extends ProcessIdentity {
  /** `supervisor`: the command was started. `fence`: recovery took the lease first, so it never will be. */
  readonly role: 'supervisor' | 'fence';
  /** The mark of the command's processes; empty for a fence. */
  readonly mark: string;
}

/**
 * The files with which a supervisor and its observers communicate:
 * `lease` (who holds the directory), `command` (the identity of the command's process), `exit` (how it ended).
 */
export class StateDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Who holds the directory; `undefined` also where a power cut has left the lease empty. Its supervisor is gone then, and
   * the empty file keeps others from the directory as a fence does.
   *
   * @throws PwtError `PWT_LEASE_UNREADABLE`
   */
  async lease(): Promise<Lease | undefined> {
    const text = await this.#read('lease');
    if (text === undefined || EMPTY.test(text)) return undefined;
    const lease = parseRecord(text);
    if (lease?.role === 'supervisor' || lease?.role === 'fence') return { ...lease, role: lease.role };
    const path = join(this.path, 'lease');
    throw new PwtError('PWT_LEASE_UNREADABLE', `${path} does not say which process holds it.`, {
      hint: 'Look for the agent by hand (ps), stop it, then remove the directory.',
      data: { path },
    });
  }

  /** Takes the lease for recovery, so that a late supervisor starts nothing. False if a supervisor has it already. */
  async fence(): Promise<boolean> {
    const temporary = join(this.path, `lease.${randomUUID()}`);
    const file = await open(temporary, 'wx', privateModes.file);
    try {
      await file.writeFile(`${JSON.stringify({ role: 'fence', ...selfIdentity(), mark: '' })}\n`);
      await file.sync();
      await link(temporary, join(this.path, 'lease'));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await file.close();
      await rm(temporary, { force: true });
    }
  }

  /** The command's own process; `undefined` until it was forked. */
  async command(): Promise<ProcessIdentity | undefined> {
    const record = parseRecord((await this.#read('command')) ?? '');
    return record && { pid: record.pid, startTime: record.startTime, bootId: record.bootId };
  }

  /** How the command ended; `undefined` until it is recorded. */
  async exit(): Promise<ProcessExit | undefined> {
    return parseExitRecord((await this.#read('exit')) ?? '');
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.path, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** What a file system may show of a file whose bytes never reached the disk. */
const EMPTY = /^\0*$/;

/** Reads a lease or command record; `undefined` for a torn or foreign one. Spaces are as `ps` pads them. */
function parseRecord(text: string): (ProcessIdentity & { role: string; mark: string }) | undefined {
  let value: Partial<Record<string, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { role, pid, startTime, bootId, mark } = value ?? {};
  if (typeof role !== 'string' || typeof mark !== 'string' || !Number.isSafeInteger(pid)) return undefined;
  if (typeof startTime !== 'string' || typeof bootId !== 'string') return undefined;
  return { role, pid: pid as number, startTime: startTime.trim().replace(/\s+/g, ' '), bootId, mark };
}
