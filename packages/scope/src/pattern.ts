import type { Segment } from './segment.js';

/** A segment, or `**`: any number of names, also none. */
export type Item = Segment | '**';

/**
 * One brace-free reading of a pattern. The last item is always a segment:
 * a final `**` (one name or more) is kept as `**` followed by `*`.
 */
export interface Alternative {
  readonly items: readonly Item[];
  /** The one path it matches, when it has no wildcard. */
  readonly literal: string | undefined;
  /** The names before the first wildcard. */
  readonly prefixNames: readonly string[];
  /** Text that every match begins with; it may end within a name. */
  readonly prefix: string;
  /** Text that every match ends with; it may begin within a name. */
  readonly suffix: string;
  /** True for literal names and then everything below, such as `src/**`: the prefix decides. */
  readonly below: boolean;
  /** True with a `**` anywhere: matches have no fixed depth. */
  readonly deep: boolean;
}

/** A parsed pattern: the union of its alternatives. Immutable; equal texts may share one object. */
export interface Pattern {
  /** The text as it was given, without a leading `!`. */
  readonly text: string;
  /** True for a pattern with a leading `!`: within a list it subtracts; alone it matches nothing. */
  readonly negated: boolean;
  readonly alternatives: readonly Alternative[];
}

/** Everything that an `include` matches and no `exclude` does, in whatever order they were written. */
export interface PatternList {
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
}

/** Whatever the operations take: text, a parsed pattern, or a list of either (where `!` subtracts). */
export type PatternLike = string | Pattern | PatternList | readonly (string | Pattern)[];
