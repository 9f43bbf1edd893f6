import { splitLabel, unwrapLabelled } from './label.js';
import type { Fence, Heading, SpecLine } from './line.js';
import { OpenLabels, type PlacedLine } from './open-labels.js';
import { setextLevel } from './setext.js';
import { cellsOf, isTableHead } from './table.js';
import { isTranscriptFence } from './transcript.js';

/**
 * Reads Markdown line by line, just deep enough to know where each line stands: under which headings and
 * label, in which fence. The first `skip` lines count as blank, and so do the lines of an HTML comment that
 * begins a line, up to the one that closes it. Never fails, and takes time linear in the text.
 */
export function readLines(text: string, firstLine = 1, skip = 0): readonly SpecLine[] {
  const raws = text.split('\n');
  const lastClose = text.includes('<!--') ? raws.findLastIndex((raw) => raw.includes('-->')) : -1;
  const reader = new LineReader(firstLine + lastClose);
  return raws.map((raw, index) => reader.read(index < skip ? '' : raw, firstLine + index, raws[index + 1]));
}

const FENCE = /^(?:`{3,}|~{3,})/;
const HEADING = /^#{1,6}(?=\s|$)/;
const BULLET = /^(?:[-*+•‣]|\d{1,9}[.)]|[a-zA-Z][.)])\s+/;
const TICKED = /^\[[xX]\]/;
/** Its box, and the number or id of a task behind that: `[ ] 1.2 `, `[ ] T001 [P] [US1] `. */
const CHECKBOX =
  /^\[[ xX~-]?\]\*?\s*(?:(?:\d+(?:\.\d+)+[.:)]?|\d+[.)]|T\d{1,6}[A-Za-z]?:?)\s+(?:\[[A-Z]{1,2}\d*\]\s*)*)?/;

/** Filled in place: a spec has thousands of lines, and copies of them were half the cost of reading it. */
type Draft = { -readonly [key in keyof SpecLine]: SpecLine[key] };

interface OpenFence extends Fence {
  readonly marks: string;
}

class LineReader {
  #heading: Heading | undefined;
  #fence: OpenFence | undefined;
  #isComment = false;
  readonly #lastCommentEnd: number;
  readonly #labels = new OpenLabels();
  /** The titles of the columns of the table that the last line belongs to. */
  #columns: readonly string[] | undefined;
  /** Whether the last line is text, which a line of dashes below does not end. */
  #isParagraph = false;
  /** The line below the title of a heading that is underlined. */
  #underline = 0;

  /** @param lastCommentEnd the last line that closes a comment: one that is opened below it hides nothing */
  constructor(lastCommentEnd: number) {
    this.#lastCommentEnd = lastCommentEnd;
  }

  read(raw: string, number: number, next: string | undefined): SpecLine {
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const indent = indentOf(text);
    if (this.#fence) return this.#inFence(this.#fence, text, number, indent);
    const trimmed = text.trim();
    const goesOn = this.#isParagraph;
    this.#isParagraph = false;
    if (trimmed === '' || number === this.#underline || this.#hides(trimmed, number)) {
      this.#columns = undefined;
      this.#labels.pause();
      return { number, kind: 'blank', indent, body: '', heading: this.#heading };
    }
    const marks = FENCE.exec(trimmed)?.[0];
    if (marks) return this.#openFence(trimmed, marks, number, indent, next);
    const hashes = HEADING.exec(trimmed)?.[0];
    if (hashes) return this.#openSection(trimmed.slice(hashes.length).trim(), hashes.length, number, indent);
    return this.#plain(trimmed, number, indent, { next, goesOn });
  }

  #hides(trimmed: string, number: number): boolean {
    const isHidden = this.#isComment || (trimmed.startsWith('<!--') && number <= this.#lastCommentEnd);
    this.#isComment = isHidden && !trimmed.includes('-->');
    return isHidden;
  }

  #inFence(fence: OpenFence, text: string, number: number, indent: number): SpecLine {
    const closes = text.includes(fence.marks) && isClosing(text.trim(), fence.marks);
    if (closes) this.#fence = undefined;
    const kind = closes ? 'fence' : 'code';
    return this.#placed({ number, kind, indent, body: text, heading: this.#heading, fence });
  }

  #openFence(trimmed: string, marks: string, number: number, indent: number, next = ''): SpecLine {
    const info = trimmed.slice(marks.length).trim();
    const isTranscript = isTranscriptFence(info, next);
    const fence: OpenFence = { info, openedAt: number, marks, ...(isTranscript ? { isTranscript } : {}) };
    this.#fence = fence;
    return this.#placed({ number, kind: 'fence', indent, body: trimmed, heading: this.#heading, fence });
  }

  #openSection(title: string, level: number, number: number, indent: number): SpecLine {
    let parent = this.#heading;
    while (parent && parent.level >= level) parent = parent.parent;
    this.#heading = { title, level, line: number, parent };
    this.#labels.clear();
    return { number, kind: 'heading', indent, body: title, heading: this.#heading };
  }

  #plain(trimmed: string, number: number, indent: number, { next, goesOn }: Around): SpecLine {
    const unquoted = trimmed.startsWith('>') ? trimmed.replace(/^[>\s]+/, '') : trimmed;
    const bullet = BULLET.exec(unquoted)?.[0];
    const content = bullet ? unquoted.slice(bullet.length) : unquoted;
    const columns = bullet ? undefined : this.#table(unquoted, next);
    const kind = bullet ? 'item' : columns || unquoted.startsWith('|') ? 'table' : 'text';
    const level = kind === 'text' && !goesOn && indent < 4 ? setextLevel(trimmed, next) : undefined;
    if (level !== undefined) {
      this.#underline = number + 1;
      return this.#openSection(trimmed, level, number, indent);
    }
    const body =
      kind === 'table' ? content : unwrapLabelled(bullet ? content.replace(CHECKBOX, '') : content);
    const labelled = kind === 'table' ? undefined : splitLabel(body);
    const place: PlacedLine = { kind, indent, isLabel: labelled !== undefined, isSet: /^[*_]/.test(content) };
    this.#labels.enter(place);
    this.#isParagraph = kind === 'text';
    const line = this.#placed({ number, kind, indent, body, heading: this.#heading });
    if (bullet && TICKED.test(content)) line.checked = true;
    if (columns && columns.length > 0) line.columns = columns;
    if (labelled) {
      line.label = labelled.label;
      line.value = labelled.value;
    }
    if (labelled && labelled.value === '') this.#labels.open(labelled.label, place);
    return line;
  }

  /** The titles of the columns, for a row of a table; none for its head and the dashes below that. */
  #table(body: string, next: string | undefined): readonly string[] | undefined {
    const known = this.#columns;
    if (known !== undefined && body.includes('|')) return /^[\s|:-]+$/.test(body) ? [] : known;
    this.#columns = isTableHead(body, next) ? cellsOf(body).map(({ text }) => text) : undefined;
    return this.#columns && [];
  }

  #placed(line: Draft): Draft {
    const labels = this.#labels.names;
    if (labels) {
      line.under = labels[0] as string;
      if (labels.length > 1) line.labels = labels;
    }
    return line;
  }
}

/** What surrounds a line. */
interface Around {
  readonly next: string | undefined;
  /** Whether the line above is text, too. */
  readonly goesOn: boolean;
}

/** A fence closes with a line of nothing but as many of its marks or more. */
function isClosing(trimmed: string, marks: string): boolean {
  return trimmed.startsWith(marks) && trimmed === marks[0]?.repeat(trimmed.length);
}

function indentOf(text: string): number {
  let columns = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === ' ') columns += 1;
    else if (text[at] === '\t') columns += 4;
    else break;
  }
  return columns;
}
