import type { FileTree } from '@pwt/scope';
import type { Span } from '../markdown/spans.js';
import { extensionOf, isKnownExtension } from '../paths/file-types.js';
import { looksLikePath, type Setting } from '../paths/looks-like-path.js';
import { readPath } from '../paths/read-path.js';
import type { Mention, RuleInput } from './rule.js';

/** What a rule says about the mentions it finds. */
export type MentionKind = Omit<Mention, 'text' | 'line'>;

/** The spans that are paths, each as a mention; without code spans and links if they name any path, words count too. */
export function mentionsIn(input: RuleInput, kind: MentionKind, from = 0): readonly Mention[] {
  return pathSpans(input, kind.setting, from).map((span) => toMention(span, input, kind));
}

/**
 * As {@link mentionsIn}; of a sentence that sets no path off, the words that are clearly paths: `Update src/a.ts`.
 * A line that starts with another mark than emphasis, such as `--add` or `@write`, is no sentence.
 */
export function statedIn(input: RuleInput, kind: MentionKind): readonly Mention[] {
  const marked = mentionsIn(input, kind);
  if (marked.length > 0 || !/^[\p{L}*_]/u.test(input.line.body)) return marked;
  return barePaths(input, 0)
    .filter((span) => span.text.includes('/') || input.tree.has(span.text))
    .map((span) => toMention(span, input, kind));
}

/**
 * The paths that an entry of a file list is about: those it starts with, as in `a.ts`, `b.ts` — like `c.ts`.
 * All of its paths if it does not start with one.
 */
export function subjectsIn(input: RuleInput, kind: MentionKind, from = 0): readonly Mention[] {
  const spans = pathSpans(input, kind.setting, from);
  const [first] = spans;
  if (!first || !isBetween(input.line.body.slice(from, first.at))) {
    return spans.map((span) => toMention(span, input, kind));
  }
  const end = spans.findIndex((span, index) => {
    const before = spans[index - 1];
    return before !== undefined && !isBetween(input.line.body.slice(before.at + before.text.length, span.at));
  });
  return spans.slice(0, end < 0 ? undefined : end).map((span) => toMention(span, input, kind));
}

type Draft = { -readonly [key in keyof Mention]: Mention[key] };

function toMention(span: Span, input: RuleInput, kind: MentionKind): Mention {
  // Field by field: the copy of a whole object took a tenth of the time of reading specs.
  const { rule, confidence, setting, mode, untouched } = kind;
  const mention: Draft = { text: span.text, line: input.line.number, rule, confidence, setting };
  if (mode) mention.mode = mode;
  if (untouched) mention.untouched = untouched;
  return mention;
}

function pathSpans(input: RuleInput, setting: Setting, from: number): readonly Span[] {
  const marked = input.marked.filter((span) => span.at >= from && isPath(span, setting, input.tree));
  if (marked.length > 0 || setting !== 'named') return marked;
  return barePaths(input, from);
}

function barePaths(input: RuleInput, from: number): readonly Span[] {
  return input.spans.filter(
    (span) => span.kind === 'bare' && span.at >= from && isPath(span, 'loose', input.tree),
  );
}

/** True for the text between two entries of one list: no words but `and` and `or`, and nothing that starts a remark. */
function isBetween(text: string): boolean {
  return (
    text.length < 40 && /^[\s`*_~"'“”‘’«»<>,;、，&+/|()[\]]*(?:(?:and|or|und|et|y)[\s`*_"'“”]*)?$/i.test(text)
  );
}

function isPath(span: Span, setting: Setting, tree: FileTree): boolean {
  return isPathText(span.text, span.kind === 'quoted' && setting === 'marked' ? 'loose' : setting, tree);
}

/** True if a piece of text names a path, also one that can't be claimed, which is reported later. */
export function isPathText(text: string, setting: Setting, tree: FileTree): boolean {
  const reading = readPath(text);
  if (reading.kind === 'path') return looksLikePath(reading, setting, tree);
  if (reading.kind === 'outside') return isOutside(reading.path, setting);
  return reading.kind === 'large';
}

/** True for a path that leads out of the repository, rather than a route such as `/api/users`. */
function isOutside(path: string, setting: Setting): boolean {
  if (/^(?:\/[a-z]+(?:\/[\w:{}-]*)*)$/i.test(path)) return SYSTEM_ROOT.test(path);
  return (
    setting === 'named' || SYSTEM_ROOT.test(path) || isKnownExtension(extensionOf(path.replaceAll('\\', '/')))
  );
}

const SYSTEM_ROOT =
  /^\/(?:etc|usr|var|home|tmp|opt|root|bin|sbin|dev|proc|sys|mnt|srv|lib|Users|private|Library)\//;
