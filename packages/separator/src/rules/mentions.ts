import type { Span } from '../markdown/spans.js';
import { aliasedFile } from '../paths/alias.js';
import { extensionOf, isKnownExtension } from '../paths/file-types.js';
import { looksLikePath, type Setting } from '../paths/looks-like-path.js';
import { readPath } from '../paths/read-path.js';
import { isSystemPath } from '../paths/system-path.js';
import type { TrackedPaths } from '../paths/tracked-paths.js';
import { perVocabulary } from '../vocabulary.js';
import { anyPhrase } from '../words.js';
import type { Mention, RuleInput } from './rule.js';

/** What a rule says about the mentions it finds. */
export interface MentionKind extends Omit<Mention, 'text' | 'line'> {
  /** How readily a piece of the line is taken for a path. */
  readonly setting: Setting;
}

/** The spans that are paths, each as a mention; without code spans and links if they name any path, words count too. */
export function mentionsIn(input: RuleInput, kind: MentionKind, from = 0, to?: number): readonly Mention[] {
  return pathSpans(input, kind.setting, from, to).map((span) => toMention(span, kind));
}

/**
 * As {@link mentionsIn}; of a sentence that sets no path off, the words that are clearly paths: `Update src/a.ts`.
 * A line that starts with another mark than emphasis or a number, such as `--add` or `@write`, is no sentence.
 */
export function statedIn(input: RuleInput, kind: MentionKind): readonly Mention[] {
  const marked = mentionsIn(input, kind);
  if (marked.length > 0 || !/^[\p{L}\p{N}*_]/u.test(input.line.body)) return marked;
  const bare = barePaths(input);
  const whole = bare.filter(({ text }) => text.includes('/') || input.tree.has(text));
  if (whole.length > 0) return whole.map((span) => toMention(span, kind));
  // The name of one tracked file, far from the root: better than nothing.
  return bare
    .filter(({ text }) => input.tree.endingWith(text).length === 1)
    .map((span) => toMention(span, { ...kind, confidence: 'possible', standing: 'fallback' }));
}

/**
 * The paths that an entry of a file list is about: those it starts with, as in `a.ts`, `b.ts` — like `c.ts`.
 * All of its paths if it does not start with one.
 */
export function subjectsIn(input: RuleInput, kind: MentionKind, from = 0): readonly Mention[] {
  const spans = entrySpans(input, kind.setting, from);
  const [first] = spans;
  if (!first || !isBetween(input.line.body.slice(from, first.at), input)) {
    return pathSpans(input, kind.setting, from).map((span) => toMention(span, kind));
  }
  const end = spans.findIndex((span, index) => {
    const before = spans[index - 1];
    return (
      before !== undefined &&
      !isBetween(input.line.body.slice(before.at + before.text.length, span.at), input)
    );
  });
  return spans.slice(0, end < 0 ? undefined : end).map((span) => toMention(span, kind));
}

/** The paths of an entry of which only some are set as code: `` `a/b.ts`, c/d.ts ``. */
function entrySpans(input: RuleInput, setting: Setting, from: number): readonly Span[] {
  const marked = pathSpans(input, setting, from);
  if (marked.length === 0 || marked[0]?.kind === 'bare') return marked;
  const bare = barePaths(input).filter(({ at, text }) => at >= from && text.includes('/'));
  return bare.length === 0 ? marked : [...marked, ...bare].sort((a, b) => a.at - b.at);
}

type Draft = { -readonly [key in keyof Mention]: Mention[key] };

function toMention(span: Span, kind: MentionKind): Mention {
  // Field by field: the copy of a whole object took a tenth of the time of reading specs.
  const { confidence, mode, standing, untouched } = kind;
  const mention: Draft = { text: span.text, confidence };
  if (mode) mention.mode = mode;
  if (standing) mention.standing = standing;
  if (untouched) mention.untouched = untouched;
  return mention;
}

/** The pieces of a line that are paths; without code spans and links if they name any path, words count, too. */
export function pathSpans(
  input: Omit<RuleInput, 'paths'>,
  setting: Setting,
  from = 0,
  to: number = Number.POSITIVE_INFINITY,
): readonly Span[] {
  const isWithin = ({ at }: Span) => at >= from && at < to;
  const marked = input.marked.filter((span) => isWithin(span) && isPath(span, setting, input.tree));
  if (marked.length > 0 || setting !== 'named') return marked;
  return barePaths(input).filter(isWithin);
}

function barePaths(input: Omit<RuleInput, 'paths'>): readonly Span[] {
  return input.spans.filter((span) => span.kind === 'bare' && isPath(span, 'loose', input.tree));
}

const between = perVocabulary(
  ({ conjunctions }) =>
    new RegExp(`^[\\s\`*_~"'“”‘’«»<>,;、，&+/|()[\\]]*(?:${anyPhrase(conjunctions)}[\\s\`*_"'“”]*)?$`, 'iu'),
);

/** True for the text between two entries of one list: no words but conjunctions, and nothing that starts a remark. */
function isBetween(text: string, { vocabulary }: Pick<RuleInput, 'vocabulary'>): boolean {
  return text.length < 40 && between(vocabulary).test(text);
}

function isPath(span: Span, setting: Setting, tree: TrackedPaths): boolean {
  return isPathText(span.text, span.kind === 'quoted' && setting === 'marked' ? 'loose' : setting, tree);
}

/** True if a piece of text names a path, also one that can't be claimed, which is reported later. */
export function isPathText(text: string, setting: Setting, tree: TrackedPaths): boolean {
  const reading = readPath(text);
  if (reading.kind === 'path') return looksLikePath(reading, setting, tree);
  if (reading.kind === 'outside') return isOutside(reading.path, setting);
  return reading.kind === 'large' || aliasedFile(text, tree) !== undefined;
}

/** True for a path that leads out of the repository, rather than a route such as `/api/users`. */
function isOutside(path: string, setting: Setting): boolean {
  if (/^(?:\/[a-z]+(?:\/[\w:{}-]*)*)$/i.test(path)) return isSystemPath(path);
  return (
    setting === 'named' || isSystemPath(path) || isKnownExtension(extensionOf(path.replaceAll('\\', '/')))
  );
}
