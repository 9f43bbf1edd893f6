import { englishVocabulary } from '../english.js';
import type { Heading, SpecLine } from '../markdown/line.js';
import { readLines } from '../markdown/read-lines.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, hasPhrase, mentionsPhrase, startsWithPhrase, wordsOf } from '../words.js';
import { frontMatterLineCount } from './front-matter.js';
import { type StatusFact, statusFact } from './front-matter-status.js';

/** What a text says of how far its task has come. */
export interface TaskStatus {
  /** As written: `✅ Complete`. */
  readonly text: string;
  /** The line that says so, from 1. */
  readonly line: number;
  /** There is nothing left to do. */
  readonly done: boolean;
  /** Where the value stands: a key of the front matter, or from which to which column of its line. Absent for a mark in the title. */
  readonly place?: { readonly key: string } | { readonly start: number; readonly end: number };
}

const LONGEST_LINE = 400;
const TICK = /[✅☑✔]/u;
const OPEN_SIGN = /[⬜☐❌🚧⏳🔄🟡]/u;

/**
 * True for the value of a status that says that nothing is left to do: `Done`, `✅ Complete`, `Shipped in 2.1`. False for
 * `90 % complete`, `Done, tests pending`, a choice that nobody has made (`Draft | Done`), and words that are not known.
 */
export function isDoneStatus(value: string, vocabulary: Vocabulary = englishVocabulary): boolean {
  const text = value.replace(/~~[^~]*~~/g, ' ').trim();
  // Further labels on the line say nothing of the status.
  const [first = '', ...others] = text.split(/\||\s\/\s/);
  if (others.some((other) => !other.includes(':') && !isDoneStatus(other, vocabulary))) return false;
  const words = wordsOf(first);
  if (words === ' ') return TICK.test(first) && !OPEN_SIGN.test(first);
  if (!startsWithPhrase(words, vocabulary.doneStatuses)) return false;
  return !mentionsPhrase(words, vocabulary.unfinished) && !isPartOfWhole(first, vocabulary);
}

/** `90 %`, `3 of 5`, `3/5 tasks`. */
function isPartOfWhole(text: string, vocabulary: Vocabulary): boolean {
  if (!/\d/.test(text)) return false;
  const percent = /(\d{1,3})(?:\.\d+)?\s*%/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) < 100) return true;
  const [, part, whole] = share(vocabulary).exec(text) ?? [];
  return part !== undefined && Number(part) < Number(whole);
}

const share = perVocabulary(
  ({ inside }) =>
    new RegExp(
      `(\\d{1,5})(?:\\s+(?:\\p{L}+\\s+)?${anyPhrase(inside)}\\s+|\\s*\\/(?=\\s*\\d+\\s+\\p{L})\\s*)(\\d{1,5})`,
      'iu',
    ),
);

/**
 * The status of a task: in its front matter, under a label at its head (`**Status**: Done`), in a section `## Status`, or as
 * a mark on its title (`# ✅ Login`, `# ~~Login~~`). Labels further down are about parts of the task. Pure; linear in the text.
 */
export function findStatus(text: string, vocabulary: Vocabulary = englishVocabulary): TaskStatus | undefined {
  const skipped = frontMatterLineCount(text);
  const raws = text.split('\n');
  const fact = statusFact(raws.slice(0, skipped));
  if (fact) return factStatus(fact, vocabulary);
  const { known, section } = patterns(vocabulary);
  const isLabelled = known.test(text);
  const statusIn = (lines: readonly SpecLine[]) =>
    isLabelled ? labelledStatus(lines, raws, vocabulary) : undefined;
  // Most texts have it at the head, if at all, and are long.
  const end = raws.findIndex((raw, at) => at > skipped && /^#{2,}\s/.test(raw));
  const head = readLines(end < 0 ? text : raws.slice(0, end).join('\n'), 1, skipped);
  const atHead = statusIn(head);
  if (atHead) return atHead;
  const hasSection = end >= 0 && raws.some((raw) => /^\s*#{1,2}\s/.test(raw) && section.test(raw));
  if (!hasSection) return markedTitle(head, vocabulary);
  const lines = readLines(text, 1, skipped);
  return statusIn(lines) ?? markedTitle(lines, vocabulary);
}

function factStatus({ key, text, line, isFlag }: StatusFact, vocabulary: Vocabulary): TaskStatus {
  const place = { key };
  return isFlag
    ? { text: `${key}: ${text}`, line, done: true, place }
    : { text, line, done: isDoneStatus(text, vocabulary), place };
}

const EMPHASIS = '(?:\\*\\*|__|[*_])?';

const patterns = perVocabulary(({ statusLabels, metadataSections }) => {
  const label = anyPhrase(statusLabels);
  const colon = `\\s*${EMPHASIS}\\s*[:：]\\s*${EMPHASIS}\\s*`;
  const sign = '(?:[^\\p{L}\\p{N}\\s*_|#]{1,4}\\s*)?';
  return {
    known: new RegExp(label, 'iu'),
    section: new RegExp(`^\\s*#{1,2}\\s+${sign}(?:${label}|${anyPhrase(metadataSections)})`, 'iu'),
    line: new RegExp(
      `^((?:\\s*[>*+-](?=[\\s>]))*\\s*${sign}${EMPHASIS}${sign}${label}${colon})(\\S.*)$`,
      'iu',
    ),
    row: new RegExp(
      `^(\\s*\\|\\s*${EMPHASIS}${label}\\s*:?\\s*${EMPHASIS}\\s*\\|\\s*)([^|]*[^|\\s])(?=\\s*\\|?\\s*$)`,
      'iu',
    ),
    among: new RegExp(`^(.{1,200}?\\*\\*${label}\\s*(?:[:：]\\s*\\*\\*|\\*\\*\\s*[:：])\\s*)(\\S.*)$`, 'iu'),
    heading: new RegExp(`^(\\s*#{1,2}\\s+${sign}${label}\\s*[:：]\\s*)(\\S.*)$`, 'iu'),
    title: new RegExp(`^${sign}${label}\\s*:?$`, 'iu'),
  };
});

function labelledStatus(
  lines: readonly SpecLine[],
  raws: readonly string[],
  vocabulary: Vocabulary,
): TaskStatus | undefined {
  const { known, line: labelled, row, among, heading: titled } = patterns(vocabulary);
  const sectionOf = sections(vocabulary);
  let isHead = true;
  let headings = 0;
  const seen = new Set<Heading>();
  for (const { kind, number, heading } of lines) {
    const raw = (raws[number - 1] ?? '').slice(0, LONGEST_LINE).trimEnd();
    const at = (match: RegExpExecArray | null) => match && statusAt(match, number, vocabulary);
    // Most lines have no label: the expressions below would find out slowly.
    const hasLabel = known.test(raw);
    if (kind === 'heading') {
      headings += 1;
      isHead = isHead && headings === 1 && heading?.level === 1;
      const found = hasLabel && at(titled.exec(raw));
      if (found) return found;
    }
    if (kind === 'heading' || kind === 'blank' || kind === 'code' || kind === 'fence') continue;
    const section = heading && sectionOf(heading);
    if (!isHead && !section) continue;
    const found = hasLabel && (at(labelled.exec(raw)) ?? at(row.exec(raw)) ?? at(among.exec(raw)));
    if (found) return found;
    if (section !== 'own' || !heading || seen.has(heading)) continue;
    seen.add(heading);
    const plain = at(/^((?:\s*[>*+-](?=[\s>]))*\s*(?:\*\*|__|[*_])?)(\S.*)$/u.exec(raw));
    if (plain) return plain;
  }
  return undefined;
}

/** Tells of a heading whether its section is the status, or about the task, where a label may tell it. Remembers the last one. */
function sections(vocabulary: Vocabulary): (heading: Heading) => 'own' | 'about' | undefined {
  const { title } = patterns(vocabulary);
  const isAbout = (text: string) => hasPhrase(wordsOf(text), vocabulary.metadataSections);
  let last: Heading | undefined;
  let section: 'own' | 'about' | undefined;
  return (heading) => {
    if (heading === last) return section;
    last = heading;
    const isShallow = heading.level <= 2;
    if (isShallow && title.test(heading.title.trim())) section = 'own';
    else section = isShallow && isAbout(heading.title) ? 'about' : undefined;
    return section;
  };
}

/** The status that a match of a lead and a value gives; `undefined` if the value is only a comment. */
function statusAt(
  [, lead = '', rest = '']: RegExpExecArray,
  line: number,
  vocabulary: Vocabulary,
): TaskStatus | undefined {
  const [value = ''] = rest.split(/<!--|\s*(?:[|·•;,]\s*|\s)(?:\*\*|__)[\p{L} ]{1,40}[:：*_]/u, 1);
  const text = value.replace(/[\s*_]+$/, '');
  if (text === '') return undefined;
  const place = { start: lead.length, end: lead.length + text.length };
  return { text, line, done: isDoneStatus(text, vocabulary), place };
}

const MARK = /[~✅☑✔[\]]/u;
const TICKED = /^(?:~~.*~~|(?:[✅☑✔]\p{M}?|\[x\])(?=\s).*|.*\s[✅☑✔]\p{M}?)$/iu;
const BRACKETED = /^\[([^\]]{1,40})\]\s|\s\[([^\]]{1,40})\]$/;

function markedTitle(lines: readonly SpecLine[], vocabulary: Vocabulary): TaskStatus | undefined {
  const title = lines.find(({ kind, body }) => kind === 'heading' && body !== '');
  const text = title?.body.trim().slice(0, LONGEST_LINE) ?? '';
  if (!MARK.test(text)) return undefined;
  const [, before, behind] = BRACKETED.exec(text) ?? [];
  const word = wordsOf(before ?? behind ?? '').trim();
  const done = TICKED.test(text) || vocabulary.doneStatuses.includes(word);
  return title && done ? { text, line: title.number, done } : undefined;
}
