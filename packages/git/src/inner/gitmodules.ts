import type { Git } from '../git.js';

/** How a submodule is called, and what its project says about it. */
export interface SubmoduleEntry {
  /** The name of its repository below `modules`, which stays when the submodule is moved. */
  readonly name: string;
  /** Where the project says it comes from. */
  readonly url: string | null;
  /** What of it `git status` is to leave out, as in `submodule.<name>.ignore`. */
  readonly ignore: string | null;
}

/**
 * What the `.gitmodules` of a commit says, by path. Read as data: nothing in it runs.
 *
 * Entries whose name could lead out of the folder for modules are left out, as git leaves them out (CVE-2018-11235).
 *
 * @param treeish a commit or tree; empty for the index
 */
export async function readSubmodules(git: Git, treeish: string): Promise<Map<string, SubmoduleEntry>> {
  const args = ['config', `--blob=${treeish}:.gitmodules`, '-z', '--get-regexp', '^submodule\\.'];
  // 1: nothing found; 128: no such file in that commit, or one that git cannot read.
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 1, 128] });
  const byName = new Map<string, Record<string, string>>();
  for (const record of exitCode === 0 ? stdout.split('\0') : []) {
    const [key = '', value = ''] = splitAt(record, record.indexOf('\n'));
    const [section, setting] = splitAt(key, key.lastIndexOf('.'));
    const name = section.slice('submodule.'.length);
    if (!isSafeName(name)) continue;
    // git takes the last one.
    byName.set(name, { ...byName.get(name), [setting]: value });
  }
  const entries = new Map<string, SubmoduleEntry>();
  for (const [name, { path, url = null, ignore = null }] of byName) {
    if (path !== undefined) entries.set(path.replace(/\/+$/, ''), { name, url, ignore });
  }
  return entries;
}

/** Whether a name can be a folder below another one (compare `check_submodule_name` of git). */
export function isSafeName(name: string): boolean {
  return name !== '' && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function splitAt(text: string, index: number): [string, string] {
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
