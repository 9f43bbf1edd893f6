/** What the name of a story file says. */
export interface StoryName {
  /** Without its ending: `1-1-user-login`. The key of its line in `sprint-status.yaml` in version 6. */
  readonly key: string;
  /** `1.1`; absent for a story outside of any epic. */
  readonly number?: string;
  readonly epic?: string;
}

const NUMBER = /^(?:story[-_. ]?)?(\d{1,4})[.-](\d{1,4}[a-z]?)(?=[-._ ]|$)/i;
/** `10.3.1.x`: with dots, a third number belongs to the id; with dashes it is the first word of the title. */
const DOTTED = /^(?:story[-_. ]?)?(\d{1,4})((?:\.\d{1,4}[a-z]?){1,3})(?=[-._ ]|$)/i;
/** A specification that is worked on without an epic. */
const ALONE = /^(?:tech-)?spec-[a-z0-9]/i;
const ASIDE =
  /\.(?:superseded|retired|old|bak|backup|obsolete|template|context)$|[-_ ](?:validation[-_ ]report|amendments)$|implementation(?:[-_ ]summary)?$|^(?:epic|readme|index|deferred)\b/i;

/** Reads the name of a story file; `undefined` for any other. */
export function storyName(file: string): StoryName | undefined {
  const [, key = ''] = /^(.+?)(?:\.story)?\.md$/i.exec(file) ?? [];
  if (key === '' || ASIDE.test(key)) return undefined;
  const [, epic, dotted] = DOTTED.exec(key) ?? [];
  if (epic !== undefined) return { key, epic, number: `${epic}${dotted}`.toLowerCase() };
  const [, first, second] = NUMBER.exec(key) ?? [];
  if (first !== undefined) return { key, epic: first, number: `${first}.${second}`.toLowerCase() };
  return ALONE.test(key) ? { key } : undefined;
}

/** `1-1`, `1.1`, `Story 1.1` and `1-1-user-login` as `1.1`; any other text as it is. */
export function normaliseStoryId(id: string): string {
  const trimmed = id.trim();
  return storyName(`${trimmed.replace(/\.md$/i, '')}.md`)?.number ?? trimmed;
}

/** Orders stories as people count: 1.2 before 1.10, 6.5 before 6.5b. */
export function compareStories(a: string, b: string): number {
  return collator.compare(a, b);
}

const collator = new Intl.Collator('en', { numeric: true });
