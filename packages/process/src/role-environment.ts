import { mayBeSeenByChildren, repositoryVariables, unattendedGit } from '@pwt/core';
import { looksLikeSecret } from './secret-names.js';

/** What the configuration says about the environment of agents, of the setup command or of the gate. */
export interface RoleEnvironment {
  /** Variables of the user's that are passed although they would be withheld: names, or prefixes written `NPM_*`. */
  readonly pass?: readonly string[];
  /** Variables that it gets with these values. */
  readonly set?: Readonly<Record<string, string>>;
}

/** The author and committer of commits. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

export interface RoleEnvironmentRequest {
  /** The environment that the user started pwt with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly role?: RoleEnvironment | undefined;
  /** Leave out what looks like a secret, by {@link looksLikeSecret}. @default false */
  readonly withholdSecrets?: boolean;
  /** The identity where the user's own variables set none. */
  readonly identity?: GitIdentity | undefined;
  /** What pwt itself sets: it overrules everything. */
  readonly add: Readonly<Record<string, string | undefined>>;
}

/**
 * The complete environment of an agent, a setup command or a gate, by the same rules for all three.
 *
 * It starts with the user's own. Of the `GIT_*` variables only those of which `mayBeSeenByChildren` is true are in it, and none that directs
 * git to another repository, whatever `pass` says. Secrets are left out where they are withheld. Then git's settings
 * for unattended work are added, then `set`, then `add`. Pure.
 */
export function roleEnvironment(request: RoleEnvironmentRequest): Record<string, string> {
  const { env, role = {}, withholdSecrets = false, identity, add } = request;
  const passed = passes(role.pass);
  const kept = Object.entries(env).filter(
    ([name]) =>
      !repositoryVariables.includes(name) &&
      (passed(name) || (mayBeSeenByChildren(name) && !(withholdSecrets && looksLikeSecret(name)))),
  );
  const all = {
    ...identityVariables(identity),
    ...Object.fromEntries(kept),
    ...unattendedGit,
    ...role.set,
    ...add,
  };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** The names of what is withheld as a secret, in alphabetical order. */
export function withheldSecrets(
  env: Readonly<Record<string, string | undefined>>,
  role: RoleEnvironment = {},
): string[] {
  const passed = passes(role.pass);
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && looksLikeSecret(name) && mayBeSeenByChildren(name))
    .filter((name) => !passed(name) && role.set?.[name] === undefined)
    .sort();
}

function passes(rules: readonly string[] = []): (name: string) => boolean {
  return (name) =>
    rules.some((rule) => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule));
}

function identityVariables(identity: GitIdentity | undefined): Record<string, string> {
  if (!identity) return {};
  const { name, email } = identity;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}
