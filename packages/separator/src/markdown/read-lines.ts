import { splitLabel } from './label.js';
import type { Fence, Heading, SpecLine } from './line.js';

/**
 * Reads Markdown line by line, just deep enough to know where each line stands: under which headings and
 * label, in which fence. The first `skip` lines count as blank, and so do the lines of an HTML comment that
 * begins a line, up to the one that closes it. Never fails, and takes time linear in the text.
 */
export function readLines(text: string, firstLine = 1, skip = 0): readonly SpecLine[] {
  const raws = text.split('\n');
  const lastClose = text.includes('<!--') ? raws.findLastIndex((raw) => raw.includes('-->')) : -1;
  const reader = new LineReader(firstLine + lastClose);
  return raws.map((raw, index) => reader.read(index < skip ? '' : raw, firstLine + index));
}

const FENCE = /^(?:`{3,}|~{3,})/;
const HEADING = /^#{1,6}(?=\s|$)/;
const BULLET = /^(?:[-*+•‣]|\d{1,9}[.)]|[a-zA-Z][.)])\s+/;
const TICKED = /^\[[xX]\]/;
const CHECKBOX = /^\[[ xX~-]?\]\s*/;

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
  #under: { readonly label: string; readonly indent: number; readonly kind: SpecLine['kind'] } | undefined;

  /** @param lastCommentEnd the last line that closes a comment: one that is opened below it hides nothing */
  constructor(lastCommentEnd: number) {
    this.#lastCommentEnd = lastCommentEnd;
  }

  read(raw: string, number: number): SpecLine {
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const indent = indentOf(text);
    if (this.#fence) return this.#inFence(this.#fence, text, number, indent);
    const trimmed = text.trim();
    if (trimmed === '' || this.#hides(trimmed, number))
      return { number, kind: 'blank', indent, body: '', heading: this.#heading };
    const marks = FENCE.exec(trimmed)?.[0];
    if (marks) return this.#openFence(trimmed, marks, number, indent);
    const hashes = HEADING.exec(trimmed)?.[0];
    if (hashes) return this.#openSection(trimmed, hashes.length, number, indent);
    return this.#plain(trimmed, number, indent);
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

  #openFence(trimmed: string, marks: string, number: number, indent: number): SpecLine {
    const fence = { info: trimmed.slice(marks.length).trim(), openedAt: number, marks };
    this.#fence = fence;
    return this.#placed({ number, kind: 'fence', indent, body: trimmed, heading: this.#heading, fence });
  }

  #openSection(trimmed: string, level: number, number: number, indent: number): SpecLine {
    const title = trimmed.slice(level).trim();
    let parent = this.#heading;
    while (parent && parent.level >= level) parent = parent.parent;
    this.#heading = { title, level, line: number, parent };
    this.#under = undefined;
    return { number, kind: 'heading', indent, body: title, heading: this.#heading };
  }

  #plain(trimmed: string, number: number, indent: number): SpecLine {
    const unquoted = trimmed.startsWith('>') ? trimmed.replace(/^[>\s]+/, '') : trimmed;
    const bullet = BULLET.exec(unquoted)?.[0];
    const content = bullet ? unquoted.slice(bullet.length) : unquoted;
    const body = bullet ? content.replace(CHECKBOX, '') : content;
    const kind = bullet ? 'item' : unquoted.startsWith('|') ? 'table' : 'text';
    const labelled = kind === 'table' ? undefined : splitLabel(body);
    if (this.#endsLabel(kind, indent, labelled !== undefined)) this.#under = undefined;
    const line = this.#placed({ number, kind, indent, body, heading: this.#heading });
    if (bullet && TICKED.test(content)) line.checked = true;
    if (labelled) {
      line.label = labelled.label;
      line.value = labelled.value;
    }
    if (labelled && labelled.value === '') this.#under = { label: labelled.label, indent, kind };
    return line;
  }

  /** A label holds for the list below it: until a paragraph, or the next label of its own kind. */
  #endsLabel(kind: SpecLine['kind'], indent: number, isLabel: boolean): boolean {
    const under = this.#under;
    if (!under) return false;
    if (!isLabel) return kind === 'text' && indent === 0;
    return indent <= under.indent && (kind !== 'item' || under.kind === 'item');
  }

  #placed(line: Draft): Draft {
    if (this.#under) line.under = this.#under.label;
    return line;
  }
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
