import type { Workspace } from './workspace.js';

type Place = Pick<Workspace, 'path' | 'host'>;

/** True for a workspace on another machine: nothing at its path can be opened here. */
export function isElsewhere({ host }: Pick<Workspace, 'host'>): boolean {
  return host !== undefined;
}

/** Where a workspace is, for people: `/home/anna/app-wt20`, `/home/anna/app-wt20 on w1`. */
export function placeText({ path, host }: Place): string {
  return host === undefined ? path : `${path} on ${host}`;
}
