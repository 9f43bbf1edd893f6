import { mayBeSeenByChildren, repositoryVariables, unattendedGit } from '@pwt/core';
import { looksLikeSecret } from './secret-names.js';

/** What the configuration says about the environment of agents, of the setup command or of the gate. */
export interface RoleEnvironment {
  /** Variables of the user's that it gets although it would not: names, or beginnings written `NPM_*`. */
  readonly pass?: readonly string[];
  /** Variables that it gets with these values. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Who commits are by. */
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
  /** For what the user's own variables do not say. */
  readonly identity?: GitIdentity | undefined;
  /** What pwt itself says: it wins over everything. */
  readonly add: Readonly<Record<string, string | undefined>>;
}

/**
 * The complete environment of an agent, a setup command or a gate: one way to make it for all three.
 *
 * The user's own, but of the `GIT_*` variables only `usersGitVariables`, and none that leads git to another
 * repository, whatever `pass` says; without secrets where they are withheld; then git's settings for unattended
 * work, then `set`, then `add`. Pure.
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
