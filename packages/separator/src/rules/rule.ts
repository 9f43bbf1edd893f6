import type { ClaimMode, Confidence } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import type { SpecLine } from '../markdown/line.js';
import type { Span } from '../markdown/spans.js';
import type { Setting } from '../paths/looks-like-path.js';
import type { Vocabulary } from '../vocabulary.js';

/** A piece of a spec that a rule takes for a path. Not resolved yet. */
export interface Mention {
  /** The path as the spec writes it. */
  readonly text: string;
  readonly line: number;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly setting: Setting;
  /** What will be done to it; absent if the text does not say: then it is a write, or a create if there is no such file. */
  readonly mode?: ClaimMode;
  /** Set if the spec says that the file stays as it is. */
  readonly untouched?: boolean;
}

/** One line of a spec and everything a rule may want to know about it. */
export interface RuleInput {
  readonly line: SpecLine;
  /** All lines of the same spec file. */
  readonly lines: readonly SpecLine[];
  /** The position of {@link line} in {@link lines}. */
  readonly index: number;
  /** What the headings and the label above the line say about it. */
  readonly topic: Topic;
  /** Code spans, links and quoted names of the line. */
  readonly marked: readonly Span[];
  /** These and the words between them. */
  readonly spans: readonly Span[];
  /** The words of the line, see `wordsOf`. */
  readonly words: string;
  readonly vocabulary: Vocabulary;
  readonly tree: FileTree;
}

/** What a section is about. */
export interface Topic {
  readonly kind: 'files' | 'reading' | 'ignored' | 'plain';
  readonly mode?: ClaimMode;
}

/**
 * Recognises paths in one way of writing them.
 *
 * The rules are tried in the order of the rule table; the first one that returns mentions has the line, so a
 * rule returns an empty list to keep a line from the rules after it and `undefined` to pass it on.
 */
export interface ExtractionRule {
  /** Shown with each claim it finds. */
  readonly name: string;
  /** The kinds of lines it is asked about. @default all but blank ones */
  readonly kinds?: readonly SpecLine['kind'][];
  readonly apply: (input: RuleInput) => readonly Mention[] | undefined;
}
