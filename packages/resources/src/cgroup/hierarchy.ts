import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The controllers that matter here. */
export type Controller = 'cpu' | 'cpuacct' | 'memory';

/** The directories of this process's cgroup for one controller: its own first, then those of its ancestors. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly directories: readonly string[];
}

/**
 * Finds the cgroup that limits this process; `undefined` where there is none (macOS, no cgroup mounted).
 *
 * `/proc/self/cgroup` has one line per hierarchy: `0::/path` for version 2, `id:controllers:/path` for
 * version 1; both may be there at once, each with controllers of its own (cgroups(7)). Inside a container
 * the path may be one of the host that does not exist here: the mount's root is then the container's own.
 *
 * @param root where `/proc` and `/sys` are found
 */
export async function findHierarchy(root: string, controller: Controller): Promise<Hierarchy | undefined> {
  const entries = parseMembership((await readText(join(root, 'proc/self/cgroup'))) ?? '');
  const mount = join(root, 'sys/fs/cgroup');
  const own = entries.find(({ controllers }) => controllers.includes(controller));
  if (own) {
    for (const name of [own.controllers.join(','), controller]) {
      const directories = await existing(join(mount, name), own.path);
      if (directories.length > 0) return { version: 1, directories };
    }
  }
  const unified = entries.find(({ controllers }) => controllers.length === 0);
  if (!unified) return undefined;
  const directories = await existing(mount, unified.path);
  return directories.length > 0 ? { version: 2, directories } : undefined;
}

/** A file of a cgroup; `undefined` if it is not there or not for us to read. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** One value of a `name value` file; 0 if it is not there. */
export function statOf(text: string | undefined, name: string): number {
  const line = text?.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

function parseMembership(text: string): { controllers: string[]; path: string }[] {
  return text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, names = '', path = '/']) => ({ controllers: names.split(',').filter(Boolean), path }));
}

/** `mount/path` and its ancestors up to the mount, as far as they are cgroups. */
async function existing(mount: string, path: string): Promise<string[]> {
  const directories = [mount];
  for (let at = path; at !== '/' && at !== '.'; at = dirname(at)) directories.splice(-1, 0, join(mount, at));
  const found = await Promise.all(
    directories.map((one) => readText(join(one, 'cgroup.procs')).then((text) => text !== undefined)),
  );
  return directories.filter((_, index) => found[index]);
}
