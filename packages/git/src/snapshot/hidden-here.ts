import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskPath } from '../byte-text.js';
import type { Git } from '../git.js';
import { hidingRecords, type IndexRecord, readIndexRecords, unflag } from '../index-flags.js';

/** A file at which git was told not to look, as it lies there. */
interface HiddenFile {
  readonly record: IndexRecord;
  /** `null` if there is none. */
  readonly content: { readonly bytes: Buffer; readonly mode: number } | { readonly target: Buffer } | null;
}

/**
 * Takes off what hides files of a worktree from git, so that its index can be replaced.
 *
 * @returns puts those files back, and hides them again where the index still has them: they are settings of this machine, whatever another
 * one has there
 */
export async function uncoverHidden(there: Git): Promise<() => Promise<void>> {
  const records = hidingRecords((await readIndexRecords(there)) ?? [], there.cwd);
  const files = await Promise.all(records.map((record) => read(there.cwd, record)));
  await unflag(there, records);
  return async () => {
    if (files.length === 0) return;
    const known = new Set(await there.zRecords(['ls-files', '-z']));
    const left = files.filter(({ record }) => known.has(record.path));
    for (const file of left) await putBack(there.cwd, file);
    const tagged = (test: (tag: string) => boolean) => left.filter(({ record }) => test(record.tag));
    await flag(
      there,
      '--skip-worktree',
      tagged((tag) => tag.toUpperCase() === 'S'),
    );
    await flag(
      there,
      '--assume-unchanged',
      tagged((tag) => tag !== tag.toUpperCase()),
    );
  };
}

async function flag(git: Git, option: string, files: readonly HiddenFile[]): Promise<void> {
  if (files.length === 0) return;
  const input = files.map(({ record }) => `${record.path}\0`).join('');
  await git.run(['update-index', '-z', option, '--stdin'], { input });
}

async function read(top: string, record: IndexRecord): Promise<HiddenFile> {
  const file = diskPath(join(top, record.path));
  const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (stats?.isSymbolicLink()) return { record, content: { target: await readlink(file, 'buffer') } };
  if (!stats?.isFile()) return { record, content: null };
  return { record, content: { bytes: await readFile(file), mode: stats.mode & 0o777 } };
}

async function putBack(top: string, { record, content }: HiddenFile): Promise<void> {
  const file = diskPath(join(top, record.path));
  await rm(file, { recursive: true, force: true });
  if (content === null) return;
  await mkdir(diskPath(dirname(join(top, record.path))), { recursive: true });
  if ('target' in content) await symlink(content.target, file);
  else await writeFile(file, content.bytes, { flag: 'wx', mode: content.mode });
}
