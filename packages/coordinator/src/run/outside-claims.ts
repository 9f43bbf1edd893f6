import { type Claim, type RunState, type Task, taskLists } from '@pwt/core';
import { escapePath, matches } from '@pwt/scope';

/** The rule of a claim that was added because the task's finished work changes the path. */
export const CHANGED_BY_AGENT = 'changed-by-agent';

/** The rule of a claim that was added because the agent was seen to change the path while it ran. */
export const SEEN_TO_CHANGE = 'seen-to-change';

/** The claims that come from the spec. */
export function plannedClaims(claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(({ rule }) => rule !== CHANGED_BY_AGENT && rule !== SEEN_TO_CHANGE);
}

/** Whether the spec says what the task changes. If not, nothing that it changes is outside of its claims. */
export function knowsScope(claims: readonly Claim[]): boolean {
  return plannedClaims(claims).some(({ mode }) => mode !== 'read');
}

/**
 * The lists in which a task has lines of its own, as patterns: many agents tick themselves off there. Nobody has to claim such a
 * file, because lists are joined line by line.
 */
export function ownLists(run: Pick<RunState, 'tasks'>, { specs }: Pick<Task, 'specs'>): readonly string[] {
  const own = new Set(specs.map(({ path }) => path));
  return taskLists(run)
    .filter((path) => own.has(path))
    .map(escapePath);
}

/** Those of the paths that are not its own: the files that a task is specified in are its own to mark. */
export function beyondSpecs(paths: readonly string[], { specs }: Pick<Task, 'specs'>): readonly string[] {
  return paths.filter((path) => !specs.some((spec) => spec.path === path));
}

/** The paths that no writing claim and no allowance covers, sorted. */
export function outsideClaims(
  paths: Iterable<string>,
  claims: readonly Claim[],
  alwaysAllowed: readonly string[],
): readonly string[] {
  const patterns = [
    ...claims.filter((claim) => claim.mode !== 'read').map((claim) => claim.pattern),
    ...alwaysAllowed,
  ];
  return [...new Set(paths)].filter((path) => !patterns.some((pattern) => matches(pattern, path))).sort();
}

/** A path that is deeper or longer than patterns allow can't be claimed; it is audited and merged like any other. */
export function claimOn(path: string, rule: string): Claim {
  return {
    pattern: escapePath(path),
    mode: 'write',
    class: 'exclusive',
    confidence: 'declared',
    rule,
  };
}
