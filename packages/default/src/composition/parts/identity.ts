import { fallbackIdentity, type Git, readIdentity } from '@pwt/git';
import type { GitIdentity } from '@pwt/process';
import type { Project } from '../../project/project.js';

const known = new WeakMap<Git, Promise<GitIdentity>>();

/** The git identity for commits of agents, setup and gate; git is asked once. */
export function identityOf({ git }: Pick<Project, 'git'>): Promise<GitIdentity> {
  const asked = known.get(git) ?? readIdentity(git).then((identity) => identity ?? fallbackIdentity);
  known.set(git, asked);
  return asked;
}
