import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PwtError } from '@pwt/core';
import { fillTemplate, type TemplateValues } from './naming.js';

export interface LocationRequest {
  /** The folder that a relative template starts from. */
  readonly root: string;
  readonly template: string;
  readonly values: TemplateValues;
  /** Folders in which no worktree may be made. */
  readonly forbidden: readonly string[];
}

/**
 * The absolute path that a template gives, with links resolved where the user wrote them.
 *
 * The fixed beginning of the template (up to the folder with the first placeholder other than `{repo}`) is the
 * user's own choice and may lead through symbolic links. What a task's id or title adds below it may not.
 *
 * @throws PWT_WORKTREE_LOCATION if the path is in a forbidden folder or goes through a symbolic link
 * @throws PWT_TEMPLATE_INVALID
 */
export async function locate(request: LocationRequest): Promise<string> {
  const { root, template, values, forbidden } = request;
  const fixed = fixedFolder(template);
  const anchor = await physicalPath(resolve(root, fillTemplate(fixed, values)));
  const path = resolve(anchor, `./${fillTemplate(template.slice(fixed.length), values)}`);
  if (path === anchor || !isInside(path, anchor)) throw badLocation(path, `it leaves ${anchor}`);
  for (const folder of forbidden) {
    if (path !== folder && isInside(path, folder)) throw badLocation(path, `it is inside ${folder}`);
  }
  for (const step of stepsBetween(anchor, path)) {
    if (await isSymbolicLink(step)) throw badLocation(path, `${step} is a symbolic link`);
  }
  return path;
}

/** The beginning of a template up to the folder with the first placeholder other than `{repo}`. */
export function fixedFolder(template: string): string {
  const placeholder = template.search(/\{(?!repo\})/);
  return template.slice(0, template.lastIndexOf('/', placeholder === -1 ? undefined : placeholder) + 1);
}

/** True for `folder` itself and everything below it. Both absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/**
 * The path with links resolved, as far as it exists.
 *
 * @throws PWT_WORKTREE_LOCATION if it cannot be looked at: a file or a cycle of links on the way, a name that is
 *   too long, a folder that may not be entered
 */
export async function physicalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw badLocation(path, reasonOf(code));
    return join(await physicalPath(parent), basename(path));
  }
}

function stepsBetween(anchor: string, path: string): string[] {
  const parts = relative(anchor, path).split(sep);
  return parts.map((_, index) => join(anchor, ...parts.slice(0, index + 1)));
}

async function isSymbolicLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ENOENT') return false;
      throw badLocation(path, reasonOf(code));
    },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file is where a folder has to be',
  ENAMETOOLONG: 'the path or a name in it is too long for the file system',
  ELOOP: 'symbolic links on the way form a cycle',
  EACCES: 'a folder on the way may not be entered',
};

function reasonOf(code = 'an unknown error'): string {
  return REASONS[code] ?? `the file system says ${code}`;
}

/** The error for a place where no worktree can be made. */
export function badLocation(path: string, why: string): PwtError {
  return new PwtError('PWT_WORKTREE_LOCATION', `No worktree can be made at ${path}: ${why}.`, {
    hint: `Choose a folder of yours outside of every checkout: pwt run --worktree "$HOME/worktrees/{repo}-{id}" (or worktree in the configuration)`,
    data: { path, why },
  });
}
