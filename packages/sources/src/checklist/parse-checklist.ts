import { type ChecklistSection, plainWords, sectionsOf } from './sections.js';
import { withoutExamples } from './without-examples.js';

/** A list of things to do in Markdown: lines with boxes, nested or numbered, below headings. */
export interface Checklist {
  readonly lines: readonly string[];
  /** The boxes that belong to no other box, in the order of the file. */
  readonly roots: readonly ChecklistItem[];
  /** The headings, in the order of the file; the first one stands for the beginning of the file and has no words. */
  readonly sections: readonly ChecklistSection[];
}

/** One `- [ ] 1.2 Text` with what is below it. */
export interface ChecklistItem {
  /** `1.2`, where the line has a number. */
  readonly number?: string;
  readonly text: string;
  readonly ticked: boolean;
  /** `- [ ]* Text`: it may be left out. */
  readonly optional: boolean;
  /** The first and the last line of it, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** The nearest heading above it. */
  readonly section: ChecklistSection;
  readonly children: readonly ChecklistItem[];
}

const BOX = /^\s*(?:[-*+]|\d+[.)])\s+\[([ xX~/-])\](\*?)\s+(\S.*)$/;
/** A number counts with a dot in it or behind it: `1.2`, `1.`, `9a.1:`, `**3.**`, `T.1`; `2 new fields` has none. */
const NUMBER =
  /^(?:\*\*|_)?((?:\d+[a-z]?|[A-Z])(?:\.\d+[a-z]?)+|\d+[a-z]?(?=[.:)]))[.:)]?(?:\*\*|_)?[.:)]?\s+/;
const BREAK = /^\s{0,3}(?:[-*_]\s*){3,}$/;

/** What an item is while it is being read. */
interface Draft extends ChecklistItem {
  readonly children: Draft[];
}

/**
 * Reads a checklist. An item belongs to the one above it that it is indented below, or, without an indent, to the one whose
 * number its own number begins with: `2.1` is a part of `2`. Code fences, comments and all other lines are passed over.
 */
export function parseChecklist(text: string): Checklist {
  const lines = text.split(/\r?\n/);
  const read = withoutExamples(lines);
  const solid = read.map(solidLine).filter((line) => line !== undefined);
  const sections = sectionsOf(read);
  const roots: Draft[] = [];
  const byNumber = new Map<string, Draft>();
  /** The items that the next line may be indented below, outermost first. */
  let open: { readonly indent: number; readonly item: Draft }[] = [];
  let at = 0;
  for (const [place, { line, index, indent }] of solid.entries()) {
    while ((sections[at + 1]?.line ?? Number.POSITIVE_INFINITY) <= index + 1) {
      at += 1;
      open = [];
    }
    const [, box = ' ', star = '', rest = ''] = BOX.exec(line) ?? [];
    if (rest === '') {
      if (BREAK.test(line)) open = [];
      continue;
    }
    open = open.filter((one) => one.indent < indent);
    const { number, words } = numbered(rest);
    const item: Draft = {
      ...(number === undefined ? {} : { number }),
      text: words,
      ticked: box === 'x' || box === 'X',
      optional: star !== '',
      line: index + 1,
      lastLine: lastLineOf(solid, place),
      section: sections[at] as ChecklistSection,
      children: [],
    };
    const parent = open.at(-1)?.item ?? ancestorOf(number, byNumber);
    (parent?.children ?? roots).push(item);
    if (number !== undefined) byNumber.set(number, item);
    open.push({ indent, item });
  }
  return { lines, roots, sections };
}

/** The boxes without boxes of their own, in the order of the file. */
export function leavesOf(items: readonly ChecklistItem[]): readonly ChecklistItem[] {
  return items.flatMap((item) => (item.children.length === 0 ? [item] : leavesOf(item.children)));
}

/** The last line of an item and of all its children: those that are its children by their numbers lie below its own block. */
export function lastLineWithin({ lastLine, children }: ChecklistItem): number {
  return children.reduce((last, child) => Math.max(last, lastLineWithin(child)), lastLine);
}

/** True if it is ticked off, or all that has to be done of it is. */
export function isDone({ ticked, children }: ChecklistItem): boolean {
  const required = children.filter(({ optional }) => !optional);
  return ticked || (required.length > 0 && required.every(isDone));
}

function numbered(rest: string): { readonly number?: string; readonly words: string } {
  const [all, number] = NUMBER.exec(rest) ?? [];
  const words = plainWords(rest.slice(all?.length ?? 0));
  // "1.0" is how some lists number the parent of "1.1".
  return number === undefined ? { words } : { number: number.replace(/\.0$/, ''), words };
}

function ancestorOf(number: string | undefined, byNumber: ReadonlyMap<string, Draft>): Draft | undefined {
  let prefix = number ?? '';
  while (prefix.includes('.')) {
    prefix = prefix.slice(0, prefix.lastIndexOf('.'));
    const found = byNumber.get(prefix);
    if (found) return found;
  }
  return undefined;
}

/** A line with something on it. */
interface SolidLine {
  readonly line: string;
  readonly index: number;
  readonly indent: number;
}

function solidLine(line: string, index: number): SolidLine | undefined {
  const [space = ''] = /^\s*/.exec(line) ?? [];
  return space.length === line.length
    ? undefined
    : { line, index, indent: space.replaceAll('\t', '    ').length };
}

/** The last line of what is indented below a line, empty lines between included. */
function lastLineOf(lines: readonly SolidLine[], start: number): number {
  const own = lines[start]?.indent ?? 0;
  let end = start + 1;
  while ((lines[end]?.indent ?? -1) > own) end += 1;
  return (lines[end - 1]?.index ?? 0) + 1;
}
