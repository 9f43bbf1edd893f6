import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One line for each file and folder below a folder, by path: kind and mode, inode, times, size and content. */
export type CheckoutState = ReadonlyMap<string, string>;

/**
 * Everything below a folder: files (tracked, untracked, ignored), links and folders, and what lies in git directories:
 * HEAD, index, refs, stash, reflogs, configuration, hooks, the state of operations. Not what pwt may write there:
 * objects, `refs/pwt` and `pwt`.
 */
export function checkoutState(top: string): CheckoutState {
  const found = new Map<string, string>();
  const visit = (folder: Buffer, prefix: Buffer): void => {
    const names = readdirSync(folder, { encoding: 'buffer' });
    const isGitDir =
      names.some((name) => name.toString() === 'HEAD') && existsSync(join(`${folder}`, 'objects'));
    for (const name of names) {
      if (isGitDir && ['objects', 'pwt'].includes(name.toString())) continue;
      const path = Buffer.concat([folder, Buffer.from('/'), name]);
      const shown = Buffer.concat([prefix, name]);
      // Git gives the shared half of a split index another time whenever it reads it.
      if (/(^|\/)(refs\/pwt|sharedindex\.\w+)$/.test(shown.toString())) continue;
      found.set(shown.toString('latin1'), describe(path));
      if (lstatSync(path).isDirectory()) visit(path, Buffer.concat([shown, Buffer.from('/')]));
    }
  };
  visit(Buffer.from(top), Buffer.alloc(0));
  return found;
}

function describe(path: Buffer): string {
  const stats = lstatSync(path, { bigint: true });
  const mode = stats.mode.toString(8);
  // A lock that comes and goes gives the folder another time.
  if (stats.isDirectory()) return `folder ${mode}`;
  const times = `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`;
  if (stats.isSymbolicLink()) return `link ${times} ${readlinkSync(path)}`;
  if (!stats.isFile()) return `other ${mode} ${times}`;
  return `file ${mode} ${times} ${stats.size} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

/** The paths that came, went, or are not what they were, sorted. */
export function differences(before: CheckoutState, after: CheckoutState): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}
