import type { Finding } from './finding.js';

/** A finding without the tasks whose agents were running. */
export type RepositoryChange = Omit<Finding, 'taskIds'>;

type About = Pick<RepositoryChange, 'kind' | 'subjects'>;

/** True if both are of the same kind and have a subject in common. */
export function isAbout(change: About, other: About): boolean {
  const { kind, subjects = [] } = change;
  return kind === other.kind && subjects.some((subject) => other.subjects?.includes(subject));
}

/** How many names a message has at most. */
const NAMED = 8;

/** The keys whose value is not the same in both. */
export function changedKeys(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).sort();
}

/** One change that names its subjects, the first of them in words; none if there are none. */
export function change(
  kind: RepositoryChange['kind'],
  severity: RepositoryChange['severity'],
  subjects: readonly string[],
  message: (names: string) => string,
  more: { readonly hint?: string } = {},
): RepositoryChange[] {
  if (subjects.length === 0) return [];
  const rest = subjects.length - NAMED;
  const names = `${subjects.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return [{ kind, severity, message: message(names), ...more, subjects }];
}
