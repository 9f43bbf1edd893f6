import type { ClaimMode } from '@pwt/core';

export type TimeUnit = 'minutes' | 'hours' | 'days' | 'weeks';

/**
 * The words that have a meaning in specs, as plain data; lower case, without punctuation.
 *
 * In headings and labels a phrase of one word must be the whole text; a phrase of several words may stand anywhere in
 * it. Everywhere else a phrase counts as a word of the line. Add other languages with `extendVocabulary`.
 *
 * Names of files, ids (`SPEC-020`, `US-20`) and keys of front matter are the same in every language.
 */
export interface Vocabulary {
  /** Labels such as `**File**:` in front of a path. */
  readonly fileLabels: readonly string[];
  /** Headings and labels above a list of paths that will change. */
  readonly fileSections: readonly string[];
  /** Headings and labels above files that are only read: they become `read` claims. */
  readonly readingSections: readonly string[];
  /** Labels in front of a file that is only read, such as `Reference:`, in a list of files or right before a path. */
  readonly readingLabels: readonly string[];
  /** Headings and labels above text whose paths are ignored. */
  readonly ignoredSections: readonly string[];
  /** Titles of the column of a table that says what is done to the file of the row. */
  readonly actionColumns: readonly string[];
  /** Words in a line that say that the paths in it stay as they are. */
  readonly untouched: readonly string[];
  /** Words in a line that say that its paths will change only under a condition. */
  readonly hedges: readonly string[];
  /** Words right before a path that is only referred to: ``per `x` ``, ``like `x` ``. */
  readonly citations: readonly string[];
  /** Labels and headings above the ids of tasks that must come first. */
  readonly dependencies: readonly string[];
  /** Labels in front of an estimate of the work. */
  readonly estimates: readonly string[];
  /** Words at the start of a list item, by what the item does to its paths. */
  readonly verbs: Readonly<Record<ClaimMode, readonly string[]>>;
  /** Forms of these verbs for what is done already, in headings and remarks: `## Added files`, `(removed)`. */
  readonly participles: Readonly<Record<ClaimMode, readonly string[]>>;
  /** Words between the entries of a list: ``a.ts and b.ts``. */
  readonly conjunctions: readonly string[];
  /** Words between the two ends of a rename: ``Rename `a` to `b` ``. */
  readonly destinations: readonly string[];
  /** Words right before a path that say that something inside of it is meant: ``Remove the flag from `a.ts` ``. */
  readonly inside: readonly string[];
  /** Words before a path in the comment at the head of a code fence: `# file: src/a.ts`. */
  readonly fileWords: readonly string[];
  /** Words beside an entry of a drawn directory tree that say that it is new. */
  readonly newMarks: readonly string[];
  /** Words in front of the number of a task: `SPEC-020`, `Story 7`. */
  readonly taskWords: readonly string[];
  /** Words at the head of a title that only say what kind of text it is: `Technical Spec 12: …`. */
  readonly titlePrefixes: readonly string[];
  /** Words that say that a dependency is fulfilled. */
  readonly finished: readonly string[];
  /** Labels and headings above the status of a task: `**Status**: Done`. */
  readonly statusLabels: readonly string[];
  /** Headings above labels that are about the whole task, beside the ones at its head. */
  readonly metadataSections: readonly string[];
  /** Words that a status begins with if there is nothing left to do. */
  readonly doneStatuses: readonly string[];
  /** Words in a status that say that something is left to do all the same: `Done, tests pending`. */
  readonly unfinished: readonly string[];
  /** Words that say that a line names tasks which this one does not wait for. */
  readonly notAwaited: readonly string[];
  /** Words between the ends of a range of time: `2 to 3 days`. */
  readonly ranges: readonly string[];
  /** Words between an amount and its unit: `3 working days`. */
  readonly workingTime: readonly string[];
  /** Units of time. A day has eight hours, a week five days. */
  readonly timeUnits: Readonly<Record<TimeUnit, readonly string[]>>;
}

/** Words for some of the keys of a {@link Vocabulary}. */
export type VocabularyWords = {
  readonly [K in keyof Vocabulary]?: Vocabulary[K] extends readonly string[]
    ? Vocabulary[K]
    : Partial<Vocabulary[K]>;
};

/** A value that is computed from a vocabulary, once for each. */
export function perVocabulary<T>(make: (vocabulary: Vocabulary) => T): (vocabulary: Vocabulary) => T {
  const known = new WeakMap<Vocabulary, T>();
  return (vocabulary) => {
    let made = known.get(vocabulary);
    if (made === undefined) {
      made = make(vocabulary);
      known.set(vocabulary, made);
    }
    return made;
  };
}
