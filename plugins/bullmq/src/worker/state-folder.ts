import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { PwtError, privateModes } from '@pwt/core';
import * as z from 'zod';
import { NAME } from '../protocol/names.js';
import { type FolderLock, lockFolder } from './folder-lock.js';

export interface StateFolderRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly queue: string;
  /** @default {@link defaultFolder} */
  readonly state?: string | undefined;
  /** What the worker is to be called. @default the machine's name and something random, kept in the folder */
  readonly name?: string | undefined;
}

/**
 * A worker's own folder: `worker.json` (who it is), `lock.<n>`, `repositories/<name>/` (mirror, and the state of its worktrees and
 * attempts), `worktrees/<name>/<run>/<task>`.
 */
export interface StateFolder extends FolderLock {
  /** Absolute. */
  readonly dir: string;
  /** Unique in the queue, and the same after a restart. */
  readonly id: string;
  /** Tells the folder from that of another worker which is called the same. */
  readonly key: string;
}

const kept = z.object({
  v: z.literal(1),
  id: z.string().regex(NAME),
  key: z.string().regex(/^[0-9a-f]{12}$/),
});

/**
 * Opens the folder for this process alone, and makes it if it is missing.
 *
 * @throws PwtError `PWT_WORKER_FOLDER_TAKEN` if another process has it, or if it is that of another worker
 */
export async function openStateFolder(request: StateFolderRequest): Promise<StateFolder> {
  const { cwd, name } = request;
  const dir = request.state === undefined ? defaultFolder(request) : resolve(cwd, request.state);
  const lock = await lockFolder(dir);
  try {
    return { dir, ...lock, ...(await identityIn(dir, name)) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function identityIn(
  dir: string,
  name: string | undefined,
): Promise<{ readonly id: string; readonly key: string }> {
  const file = join(dir, 'worker.json');
  const found = await readKept(file);
  if (found !== undefined) {
    if (name !== undefined && name !== found.id) throw othersFolder(dir, found.id, name);
    return { id: found.id, key: found.key };
  }
  const id = name ?? ownName();
  const key = randomBytes(6).toString('hex');
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify({ v: 1, id, key })}\n`, { mode: privateModes.file, flush: true });
  await rename(draft, file);
  return { id, key };
}

/** `~/.local/state/pwt/worker/<queue>`, and for a worker that has a name `<queue>@<name>`. */
export function defaultFolder({ env, queue, name }: Omit<StateFolderRequest, 'cwd'>): string {
  const home = env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state');
  return join(home, 'pwt', 'worker', name === undefined ? queue : `${queue}@${name}`);
}

function ownName(): string {
  const host = hostname()
    .split('.')[0]
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${host || 'worker'}-${randomBytes(3).toString('hex')}`;
}

async function readKept(file: string): Promise<z.infer<typeof kept> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return kept.parse(JSON.parse(text));
  } catch (cause) {
    throw new PwtError(
      'PWT_WORKER_FOLDER_TAKEN',
      `${file} can't be read: it is damaged, or a newer pwt wrote it.`,
      {
        hint: 'Use the newer pwt, or give the worker another folder with --state.',
        cause,
      },
    );
  }
}

function othersFolder(dir: string, id: string, name: string): PwtError {
  return new PwtError(
    'PWT_WORKER_FOLDER_TAKEN',
    `${dir} is the folder of the worker ${id}, not of ${name}.`,
    {
      hint: `Leave --name out to go on as ${id}, or give ${name} another folder with --state.`,
      data: { dir, id, name },
    },
  );
}
