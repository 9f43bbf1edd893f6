import type { Place, SpecFile, Task } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import type { SpecLine } from './markdown/line.js';
import { readLines } from './markdown/read-lines.js';
import { LineSpans, type Span } from './markdown/spans.js';
import { pathSpans } from './rules/mentions.js';
import type { ExtractionRule, Mention, RuleInput, Topic } from './rules/rule.js';
import { TopicFinder } from './rules/topic.js';
import { frontMatterLineCount } from './tasks/front-matter.js';
import type { Vocabulary } from './vocabulary.js';
import { mentionsPhrase, wordsOf } from './words.js';

export interface ExtractionContext {
  readonly tree: FileTree;
  /** Where the checkout is, if that is known. */
  readonly root?: string | undefined;
  readonly vocabulary: Vocabulary;
  readonly rules: readonly ExtractionRule[];
}

/** What every path in prose contains. */
const MAY_NAME_PATH = /[/\\`]|\.[\w*{]/;

/** A mention with its rule and its place. */
export interface FoundMention {
  readonly mention: Mention;
  readonly rule: string;
  readonly place: Place;
}

/** All paths that the rules find in one spec file, in reading order. */
export function extractMentions(spec: SpecFile, context: ExtractionContext): readonly FoundMention[] {
  const { vocabulary, rules } = context;
  const { firstLine: first = 1 } = spec;
  const lines = readLines(spec.text, spec.firstLine, frontMatterLineCount(spec.text));
  const topics = new TopicFinder(vocabulary);
  const folder = spec.path.slice(0, Math.max(spec.path.lastIndexOf('/'), 0));
  const found: FoundMention[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as SpecLine;
    if (line.kind === 'blank' || (line.kind !== 'fence' && !MAY_NAME_PATH.test(line.body))) continue;
    const input = new LineInput({ line, lines, index, folder, topic: topics.of(line), context });
    const answer = askRules(input, rules);
    if (!answer) continue;
    // One by one: a line of a megabyte names more paths than a call takes arguments.
    for (const mention of answer.mentions) {
      const place = { path: spec.path, line: spec.oneLine ? first : (mention.line ?? line.number) };
      found.push({ mention, rule: answer.rule, place });
    }
  }
  return found;
}

/**
 * The paths in the title of a task whose texts don't show it, such as one from front matter or from a JSON file. It is
 * read as the first heading of the first text.
 */
export function titleMentions({ title, specs }: Task, context: ExtractionContext): readonly FoundMention[] {
  const [main] = specs;
  if (!main || !MAY_NAME_PATH.test(title) || specs.some((spec) => bodyOf(spec).includes(title))) return [];
  const text = `# ${title.replace(/\s+/g, ' ')}`;
  const place = { path: main.path, line: main.firstLine ?? 1 };
  return extractMentions({ path: main.path, text, hash: '' }, context).map((found) => ({ ...found, place }));
}

function bodyOf({ text }: SpecFile): string {
  const skip = frontMatterLineCount(text);
  return skip === 0 ? text : text.split('\n').slice(skip).join('\n');
}

/** The mentions of the first rule that recognises the line. */
function askRules(
  input: RuleInput,
  rules: readonly ExtractionRule[],
): { readonly mentions: readonly Mention[]; readonly rule: string } | undefined {
  const { kind } = input.line;
  for (const rule of rules) {
    if (rule.kinds && !rule.kinds.includes(kind)) continue;
    const mentions = rule.apply(input);
    if (!mentions) continue;
    const isHedged = mentions.length > 0 && mentionsPhrase(input.words, input.vocabulary.hedges);
    return { mentions: isHedged ? mentions.map(hedged) : mentions, rule: rule.name };
  }
  return undefined;
}

/** `(if needed)`: the paths of the line may stay unchanged. */
function hedged(mention: Mention): Mention {
  return { ...mention, confidence: 'possible' };
}

interface GivenLine {
  readonly line: SpecLine;
  readonly lines: readonly SpecLine[];
  readonly index: number;
  /** Where the spec is, for links that start with `./` or `../`. */
  readonly folder: string;
  readonly topic: Topic;
  readonly context: ExtractionContext;
}

/** A line whose rarely used parts are computed on the first use. */
class LineInput implements RuleInput {
  readonly line: SpecLine;
  readonly topic: Topic;
  readonly vocabulary: Vocabulary;
  readonly tree: FileTree;
  readonly #lines: readonly SpecLine[];
  readonly #index: number;
  readonly #spans: LineSpans;
  #words: string | undefined;

  constructor({ line, lines, index, folder, topic, context }: GivenLine) {
    this.line = line;
    this.topic = topic;
    this.vocabulary = context.vocabulary;
    this.tree = context.tree;
    this.#lines = lines;
    this.#index = index;
    this.#spans = new LineSpans(line.body, folder, context.vocabulary);
  }

  lineAt(offset: number): SpecLine | undefined {
    return this.#lines[this.#index + offset];
  }

  paths(where: 'marked' | 'named'): readonly Span[] {
    return pathSpans(this, where);
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
