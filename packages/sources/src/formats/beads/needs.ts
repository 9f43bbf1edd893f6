import { isFields, textOf } from '../../reading/fields.js';
import type { Issue } from './issue-list.js';

const WAITS = new Set(['blocks', 'conditional-blocks', 'waits-for']);
const PART_OF = 'parent-child';

/**
 * For each issue the work that it waits for: what blocks it, and what blocks the issues that it is a part of, as `bd ready`
 * has it. An epic is waited for by waiting for all of its parts.
 */
export function needsOf(issues: readonly Issue[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  const parents = new Map(issues.map((issue) => [issue.id, parentsOf(issue, byId)]));
  const parts = new Map<string, string[]>();
  for (const [id, above] of parents)
    for (const parent of above) parts.set(parent, [...(parts.get(parent) ?? []), id]);
  return new Map(
    issues.map((issue) => {
      const ancestors = reach(issue.id, parents);
      // Some make a part wait for what it is a part of: that would be a circle.
      const named = [issue.id, ...ancestors]
        .flatMap((id) => linksOf(byId.get(id), (type) => WAITS.has(type)))
        .filter((id) => id !== issue.id && !ancestors.has(id));
      const work = named.flatMap((id) => workOf(id, byId, parts));
      return [issue.id, [...new Set(work)].filter((id) => id !== issue.id)];
    }),
  );
}

/** Told by a link, or by an id such as `bd-a3f8.2`. */
function parentsOf(issue: Issue, byId: ReadonlyMap<string, Issue>): readonly string[] {
  const linked = linksOf(issue, (type) => type === PART_OF);
  const [above] = /^.+(?=\.\d+$)/.exec(issue.id) ?? [];
  return [...new Set(above !== undefined && byId.has(above) ? [...linked, above] : linked)];
}

function linksOf(issue: Issue | undefined, wanted: (type: string) => boolean): readonly string[] {
  const links = issue?.fields.dependencies;
  if (!Array.isArray(links)) return [];
  return links.flatMap((link: unknown) => {
    // Early versions wrote ids alone.
    if (!isFields(link)) return wanted('blocks') ? (textOf(link) ?? []) : [];
    const id = textOf(link.depends_on_id) ?? textOf(link.id);
    return id !== undefined && wanted(textOf(link.type) ?? textOf(link.dependency_type) ?? 'blocks')
      ? id
      : [];
  });
}

/** The issue itself, or the work that an epic consists of; none for an epic that is closed. */
function workOf(
  id: string,
  byId: ReadonlyMap<string, Issue>,
  parts: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const issue = byId.get(id);
  if (!issue || issue.isWork) return [id];
  if (issue.status === 'closed') return [];
  return [...reach(id, parts)].filter((one) => byId.get(one)?.isWork);
}

/** All that is reached from an id, without itself. */
function reach(id: string, steps: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [id];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const step of steps.get(at) ?? []) {
      if (step === id || reached.has(step)) continue;
      reached.add(step);
      next.push(step);
    }
  }
  return reached;
}
