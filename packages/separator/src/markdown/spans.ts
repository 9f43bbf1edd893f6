import { LIMITS } from '@pwt/scope';
import { englishVocabulary } from '../english.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase } from '../words.js';
import { decodeTarget, rebase } from './link-target.js';
import { unwrap } from './unwrap.js';

/** A piece of a line, and how it is set off from the text around it. */
export interface Span {
  readonly text: string;
  /** `code` in backticks, the target of a `link`, a name in quotes, or a `bare` word. */
  readonly kind: 'code' | 'link' | 'quoted' | 'bare';
  /** Where it starts in the body of the line. */
  readonly at: number;
}

/** Of a longer word the beginning is enough to see that it is too long. */
const LONGEST_WORD = LIMITS.textLength + 1;

/** The pieces of one line that may name a path, each kind found when it is first asked for. */
export class LineSpans {
  readonly #line: string;
  readonly #folder: string;
  readonly #vocabulary: Vocabulary;
  #rest = '';
  #marked: readonly Span[] | undefined;
  #all: readonly Span[] | undefined;

  /** @param folder where the spec is, for links that start with `./` or `../` */
  constructor(line: string, folder = '', vocabulary: Vocabulary = englishVocabulary) {
    this.#line = line;
    this.#folder = folder;
    this.#vocabulary = vocabulary;
  }

  /** What is set off from the text: code spans, link targets and quoted names, in their order. */
  get marked(): readonly Span[] {
    if (!this.#marked) {
      const line = this.#line.includes('<code>') ? asBackticks(this.#line) : this.#line;
      const spans: Span[] = [];
      const rest = takeCodeSpans(line, separators(this.#vocabulary), spans);
      if (rest.includes('](')) takeLinkTargets(rest, this.#folder, spans);
      if (QUOTE.test(rest)) takeQuotedNames(rest, spans);
      this.#rest = rest;
      this.#marked = spans.sort((a, b) => a.at - b.at);
    }
    return this.#marked;
  }

  /** These and the words between them. */
  get all(): readonly Span[] {
    if (!this.#all) {
      const spans = [...this.marked];
      takeBareWords(this.#rest, spans);
      this.#all = spans.sort((a, b) => a.at - b.at);
    }
    return this.#all;
  }
}

const QUOTE = /["“«]|(?<![^\s(,])['‘]/;

/** `<code>x</code>` as a code span, without moving anything. */
function asBackticks(line: string): string {
  return line.replaceAll('<code>', '     `').replaceAll('</code>', '`      ');
}

/**
 * Adds the code spans as CommonMark has them (a run of backticks closes with the next run of equal length);
 * returns the line with blanks in their place.
 */
function takeCodeSpans(line: string, separator: RegExp, spans: Span[]): string {
  if (!line.includes('`')) return line;
  return line.includes('``') ? takeRuns(line, separator, spans) : takePairs(line, separator, spans);
}

/** Where all runs are single backticks, each closes with the next. */
function takePairs(line: string, separator: RegExp, spans: Span[]): string {
  let rest = '';
  let from = 0;
  for (let open = line.indexOf('`'); open >= 0; open = line.indexOf('`', from)) {
    const close = line.indexOf('`', open + 1);
    if (close < 0) break;
    takeSpan(line, open + 1, close, separator, spans);
    rest += line.slice(from, open) + ' '.repeat(close + 1 - open);
    from = close + 1;
  }
  return rest + line.slice(from);
}

function takeSpan(line: string, at: number, end: number, separator: RegExp, spans: Span[]): void {
  for (const text of partsOf(line.slice(at, end).trim(), separator)) spans.push({ text, kind: 'code', at });
}

function takeRuns(line: string, separator: RegExp, spans: Span[]): string {
  const runs = [...line.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  const closing = new Array<number>(runs.length);
  const latest = new Map<number, number>();
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const { length } = runs[index] as { length: number };
    closing[index] = latest.get(length) ?? -1;
    latest.set(length, index);
  }
  const rest: string[] = [];
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const end = runs[closing[index] as number];
    const start = runs[index] as { at: number; length: number };
    if (!end) continue;
    const at = start.at + start.length;
    takeSpan(line, at, end.at, separator, spans);
    rest.push(line.slice(from, start.at), ' '.repeat(end.at + end.length - start.at));
    from = end.at + end.length;
    index = closing[index] as number;
  }
  rest.push(line.slice(from));
  return rest.join('');
}

const separators = perVocabulary(({ conjunctions }) => {
  const and = anyPhrase(conjunctions);
  return new RegExp(`,\\s*(?:${and}\\s+)?|\\s+(?:${and}\\s+|[&+]\\s+)?`, 'u');
});

/** The paths of a code span that holds several, as in `a/b.ts, a/c.ts`; else the whole. */
function partsOf(text: string, separator: RegExp): readonly string[] {
  if (!/[\s,]/.test(text) || text.includes('{')) return [text];
  const parts = text.split(separator);
  return parts.every((part) => /\/[^/]*\.\w/.test(part)) ? parts : [text];
}

/** `](target "title")`, with brackets in pairs, or `](<a target with blanks>)`. */
const LINK_TARGET = /\]\(\s*(?:<([^<>]{1,500})(?=>)|((?:[^\s()<>]|\([^\s()<>]{0,100}\)){1,500}))/g;

function takeLinkTargets(line: string, folder: string, spans: Span[]): void {
  for (const match of line.matchAll(LINK_TARGET)) {
    const target = (match[1] ?? match[2]) as string;
    const at = match.index + match[0].length - target.length;
    spans.push({ text: rebase(decodeTarget(target), folder), kind: 'link', at });
  }
}

/** Between double quotes, or between single ones that are no apostrophes. */
const QUOTED_NAME = /["“«]([^"“”«»]{1,300})["”»]|(?<![^\s(,])['‘]([^'‘’]{1,300})['’](?![\p{L}\p{N}])/gu;

function takeQuotedNames(line: string, spans: Span[]): void {
  for (const match of line.matchAll(QUOTED_NAME)) {
    spans.push({ text: ((match[1] ?? match[2]) as string).trim(), kind: 'quoted', at: match.index + 1 });
  }
}

/** Words end at blanks, quotes, angle brackets and the punctuation of any script; a comma within `{a,b}` belongs to them. */
const WORD = /(?:\{[^{}\s]*\}|[^\s,;|"“”‘’«»<>、，。；：（）「」『』【】])+/g;

function takeBareWords(line: string, spans: Span[]): void {
  for (const match of line.matchAll(WORD)) {
    const text = unwrap(match[0].slice(0, LONGEST_WORD));
    if (text === '') continue;
    const at = match.index + Math.max(match[0].indexOf(text), 0);
    spans.push({ text, kind: 'bare', at });
  }
}
