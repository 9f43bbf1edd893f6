import type { SpecFile } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import type { SpecLine } from './markdown/line.js';
import { readLines } from './markdown/read-lines.js';
import { LineSpans, type Span } from './markdown/spans.js';
import type { ExtractionRule, Mention, RuleInput, Topic } from './rules/rule.js';
import { TopicFinder } from './rules/topic.js';
import { frontMatterLineCount } from './tasks/front-matter.js';
import type { Vocabulary } from './vocabulary.js';
import { mentionsPhrase, wordsOf } from './words.js';

export interface ExtractionContext {
  readonly tree: FileTree;
  readonly vocabulary: Vocabulary;
  readonly rules: readonly ExtractionRule[];
}

/** What no path that is written in prose does without. */
const MAY_NAME_PATH = /[/\\`]|\.[\w*{]/;

/** All paths that the rules find in one spec file, in reading order. */
export function extractMentions(spec: SpecFile, context: ExtractionContext): readonly Mention[] {
  const { tree, vocabulary, rules } = context;
  const lines = readLines(spec.text, spec.firstLine, frontMatterLineCount(spec.text));
  const topics = new TopicFinder(vocabulary);
  const folder = spec.path.slice(0, Math.max(spec.path.lastIndexOf('/'), 0));
  const found: Mention[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as SpecLine;
    if (line.kind === 'blank' || (line.kind !== 'fence' && !MAY_NAME_PATH.test(line.body))) continue;
    const input = new LineInput({ line, lines, index, vocabulary, tree, topic: topics.of(line) }, folder);
    // One by one: a line of a megabyte names more paths than a call takes arguments.
    for (const mention of mentionsInLine(input, rules)) found.push(mention);
  }
  return found;
}

/** What the first rule that knows the line makes of it. */
function mentionsInLine(input: RuleInput, rules: readonly ExtractionRule[]): readonly Mention[] {
  const { kind } = input.line;
  for (const rule of rules) {
    if (rule.kinds && !rule.kinds.includes(kind)) continue;
    const mentions = rule.apply(input);
    if (!mentions) continue;
    const isHedged = mentions.length > 0 && mentionsPhrase(input.words, input.vocabulary.hedges);
    return isHedged ? mentions.map(hedged) : mentions;
  }
  return [];
}

/** `(if needed)`: what the line names may stay as it is. */
function hedged(mention: Mention): Mention {
  return { ...mention, confidence: 'possible' };
}

/** A line with what most rules never ask for computed on demand. */
class LineInput implements RuleInput {
  readonly line: SpecLine;
  readonly lines: readonly SpecLine[];
  readonly index: number;
  readonly topic: Topic;
  readonly vocabulary: Vocabulary;
  readonly tree: FileTree;
  readonly #spans: LineSpans;
  #words: string | undefined;

  constructor(given: Omit<RuleInput, 'spans' | 'marked' | 'words'>, folder: string) {
    this.line = given.line;
    this.lines = given.lines;
    this.index = given.index;
    this.topic = given.topic;
    this.vocabulary = given.vocabulary;
    this.tree = given.tree;
    this.#spans = new LineSpans(given.line.body, folder);
  }

  get marked(): readonly Span[] {
    return this.#spans.marked;
  }

  get spans(): readonly Span[] {
    return this.#spans.all;
  }

  get words(): string {
    this.#words ??= wordsOf(this.line.body);
    return this.#words;
  }
}
