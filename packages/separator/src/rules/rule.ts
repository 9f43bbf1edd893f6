import type { ClaimMode, Confidence } from '@pwt/core';
import type { SpecLine } from '../markdown/line.js';
import type { Span } from '../markdown/spans.js';
import type { TrackedPaths } from '../paths/tracked-paths.js';
import type { Vocabulary } from '../vocabulary.js';

/** A path that a rule has found in a spec. It is resolved to a path of the repository afterwards. */
export interface Mention {
  /** The path as the spec writes it: `./src/a.ts:12`, `a.ts`, `src/*.ts`. */
  readonly text: string;
  /** The line of the file that it stands on, from 1. @default the line that the rule was asked about */
  readonly line?: number;
  /**
   * How sure it is that the task changes the file: `declared` where the spec says so outright, `inferred` where it
   * follows from what is said, `possible` where it may be. A possible claim alone does not block a task, except with `separation: strict`.
   */
  readonly confidence: Confidence;
  /** What will be done to it; absent if the text does not say: then it is a write, or a create if there is no such file. */
  readonly mode?: ClaimMode;
  /** Its rank among the mentions of the same task. @default 'stated' */
  readonly standing?: Standing;
  /** Set if the spec says that the file stays unchanged: mentions that only imply a change are then ignored. */
  readonly untouched?: boolean;
}

/**
 * The rank of a mention among those of its task.
 *
 * * `listed`: an entry of a list of the task's files. Such a list is complete: claims that the rest of the text
 *   only implies become possible.
 * * `stated`: the text says so somewhere.
 * * `fallback`: counts only for a task in which nothing else names a file that changes.
 */
export type Standing = 'listed' | 'stated' | 'fallback';

/** One line of a spec, as rules see it. */
export interface RuleInput {
  readonly line: SpecLine;
  /** The line so many lines further down, or further up if negative; `undefined` beyond the ends of the file. */
  lineAt(offset: number): SpecLine | undefined;
  /** What the headings and the label above the line say about it. */
  readonly topic: Topic;
  /**
   * The pieces of the line that are paths, in their order.
   *
   * With `marked` those that are set as code, as a link or in quotes, and that look like a path. `named` is for lines
   * that are known to name files, such as an entry of a list: there an unusual name is taken for a path, too, and if
   * nothing is set off, words that look like one.
   */
  paths(where: 'marked' | 'named'): readonly Span[];
  /** Code spans, link targets and quoted names of the line, whether or not they are paths. */
  readonly marked: readonly Span[];
  /** These and the words between them. */
  readonly spans: readonly Span[];
  /** The words of the line in lower case, each with a space on both sides: `" update src a ts "`. */
  readonly words: string;
  readonly vocabulary: Vocabulary;
  readonly tree: TrackedPaths;
}

/** What a section is about. */
export interface Topic {
  /**
   * `files`: it lists files that change. `reading`: it lists what is only to be read. `ignored`: it says nothing about
   * what changes, such as references. `plain`: anything else.
   */
  readonly kind: 'files' | 'reading' | 'ignored' | 'plain';
  /** What its title says is done to the files: `## Files to delete`. */
  readonly mode?: ClaimMode;
}

/**
 * Recognises paths in one way of writing them.
 *
 * Each line goes to the rules in the order of the rule table, until one returns mentions. An empty list also ends that: the
 * line has no mentions. `undefined` passes the line on to the next rule.
 */
export interface ExtractionRule {
  /** Each claim from this rule carries the name. */
  readonly name: string;
  /** The kinds of lines that it gets. @default all but blank ones */
  readonly kinds?: readonly SpecLine['kind'][];
  readonly apply: (input: RuleInput) => readonly Mention[] | undefined;
}
