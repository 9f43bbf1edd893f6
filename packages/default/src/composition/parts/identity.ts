import { type Git, readIdentity } from '@pwt/git';
import type { GitIdentity } from '@pwt/process';
import type { Project } from '../../project/project.js';

/** Who commits the work where the user has no git identity. */
const FALLBACK: GitIdentity = { name: 'pwt', email: 'pwt@localhost' };

const known = new WeakMap<Git, Promise<GitIdentity>>();

/** Who commits of agents, setup and gate are by; git is asked once. */
export function identityOf({ git }: Pick<Project, 'git'>): Promise<GitIdentity> {
  const asked = known.get(git) ?? readIdentity(git).then((identity) => identity ?? FALLBACK);
  known.set(git, asked);
  return asked;
}
