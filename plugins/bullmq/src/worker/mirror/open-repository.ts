import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PwtError, privateModes } from '@pwt/core';
import {
  type ConfigEntry,
  effectiveConfig,
  type Git,
  NearReader,
  openDoor,
  splitConfigRecord,
} from '@pwt/git';
import { requireSafe, withoutPassword } from '../../exchange/remote/address.js';
import type { RemoteOptions } from '../../exchange/remote/remote.js';
import { detectFormat, type ObjectFormat } from './detect-format.js';

export interface OpenMirrorRequest extends Pick<RemoteOptions, 'timeoutMs' | 'wait'> {
  /** With the operator's environment. Runs in a folder that is there. */
  readonly git: Git;
  /** A URL, or an absolute path. */
  readonly address: string;
  /** The bare repository. Absolute. Made if missing. */
  readonly path: string;
  /** Where `openDoor` makes its mirrors; best where no agent can write. Absolute. Made if missing. */
  readonly doors: string;
  /** @default that of the remote */
  readonly format?: ObjectFormat;
  /** Told what did not work and is in no way. @default nobody */
  readonly warn?: (text: string) => void;
}

/** No git of an agent packs, and none deletes what no ref has yet. Reflogs tell where a branch has been. */
const CONFIGURATION = '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[core]\n\tlogAllRefUpdates = true\n';

/**
 * The git of a mirror, made if it is not there. It appears under its name complete or not at all; of several processes one makes it.
 * Agents work in worktrees of it and can write into its configuration: nothing of that is used but how the repository is stored.
 *
 * @throws PwtError `PWT_EXCHANGE_UNSAFE`, `PWT_EXCHANGE_UNREACHABLE`, `PWT_EXCHANGE_UNSOUND` if it is of another object format
 */
export async function openRepository(request: OpenMirrorRequest): Promise<Git> {
  const { git, address, path, doors } = request;
  requireSafe(address);
  if (!(await isWhole(git, path))) await make(request);
  const there = await realpath(path);
  const entries = await configuration(git, there);
  const format = entries.some(({ key, value }) => key === 'extensions.objectformat' && value === 'sha256')
    ? 'sha256'
    : 'sha1';
  if (request.format !== undefined && request.format !== format) throw otherFormat(address, there, format);
  const config = effectiveConfig([], entries);
  const door = await openDoor(git, {
    workTree: there,
    gitDir: there,
    commonDir: there,
    config,
    mirrors: doors,
  });
  const refFormat = entries.find(({ key }) => key === 'extensions.refstorage')?.value ?? 'files';
  const near = NearReader.of({ commonDir: there, refFormat, objectFormat: format });
  return near === undefined ? door : door.readingWith(near);
}

async function make(request: OpenMirrorRequest): Promise<void> {
  const { git, path } = request;
  const format = request.format ?? (await detectFormat(request));
  await mkdir(dirname(path), { recursive: true, mode: privateModes.folder });
  const draft = `${path}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
  const init = [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--initial-branch=none',
    `--object-format=${format}`,
  ];
  try {
    await git.run([...init, draft], { discover: true });
    await appendFile(join(draft, 'config'), CONFIGURATION);
    await rename(draft, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another process was faster; or it is damaged, and git puts back what is missing.
      if (await isWhole(git, path)) return;
      await git.run([...init, path], { discover: true });
      await appendFile(join(path, 'config'), CONFIGURATION);
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What git needs to take a folder for a repository, and what {@link make} has said. */
async function isWhole(git: Git, path: string): Promise<boolean> {
  for (const name of ['HEAD', 'config', 'objects', 'refs'])
    if (!(await exists(join(path, name)))) return false;
  const keys = (await configuration(git, path)).map(({ key }) => key);
  return keys.includes('core.repositoryformatversion') && keys.includes('gc.auto');
}

/** Its own file alone. */
async function configuration(git: Git, path: string): Promise<ConfigEntry[]> {
  const file = join(path, 'config');
  const records = await git.zRecords(['config', '--file', file, '--no-includes', '--list', '-z'], {
    discover: true,
  });
  return records.map((record) => {
    const [key, value] = splitConfigRecord(record);
    return { scope: 'local', file, key, value };
  });
}

function otherFormat(address: string, path: string, format: ObjectFormat): PwtError {
  const where = withoutPassword(address);
  return new PwtError(
    'PWT_EXCHANGE_UNSOUND',
    `The mirror of ${where} in ${path} is of the object format ${format}, and the repository is of another one.`,
    { hint: 'Was another repository put at this address? Start the worker with another state folder.' },
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
