import type { ClaimMode, Task } from '@pwt/core';

/** Where reviewed scopes of tasks are kept, relative to the root of the checkout. It is meant to be committed. */
export const SCOPES_FILE = '.pwt/scopes.yaml';

/** The code of what is wrong in it. */
export const INVALID = 'PWT_SCOPES_FILE_INVALID';

/** What is done to files, as scopes are written down. */
export type ScopeMode = Extract<ClaimMode, 'write' | 'create' | 'delete'>;

/** The files of a task, by what is done to them; at least one. */
export type ScopeFiles = Readonly<Partial<Record<ScopeMode, readonly string[]>>>;

/** In the order in which they are written down. */
export const scopeModes: readonly ScopeMode[] = ['write', 'create', 'delete'];

/** Tells texts of a task apart. */
export function textKey({ specs }: Pick<Task, 'specs'>): string {
  return specs.map(({ hash }) => hash.slice(0, 12)).join('-');
}
