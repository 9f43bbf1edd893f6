/**
 * What a pattern may cost. Anything above is refused with `PWT_PATTERN_TOO_LARGE` (or, for
 * {@link LIMITS.subtractionSteps}, `PWT_PATTERN_TOO_COMPLEX`), so that no text of
 * unknown origin can hold up a plan. With these bounds one `overlap` of the two worst patterns is some millions
 * of elementary steps.
 */
export const LIMITS: {
  /** Length of a pattern's text in UTF-16 code units: Linux's `PATH_MAX`. */
  readonly textLength: number;
  /** Alternatives after brace expansion. */
  readonly alternatives: number;
  /** Braces within braces. */
  readonly braceDepth: number;
  /** Characters and wildcards over all alternatives. */
  readonly totalSize: number;
  /** Characters and wildcards of segments with a wildcard, over all alternatives; a lone `*` or `**` is free. */
  readonly wildSize: number;
  /** Characters of one segment: longer names exist on no usual file system (`NAME_MAX`). */
  readonly nameLength: number;
  /** Segments of one alternative. */
  readonly depth: number;
  /** Segments over all alternatives. */
  readonly segments: number;
  /** Steps of the search that decides an overlap with `!` patterns. */
  readonly subtractionSteps: number;
} = Object.freeze({
  textLength: 4096,
  alternatives: 256,
  braceDepth: 16,
  totalSize: 16_384,
  wildSize: 1024,
  nameLength: 255,
  depth: 256,
  segments: 2048,
  subtractionSteps: 2_000_000,
});

/** Counts elementary steps, so that tests can bound work without a clock. */
export interface Work {
  steps: number;
}
