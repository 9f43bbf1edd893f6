export interface ChecklistSection {
  /** `2` of `## 2. Tests` and of `### Task Group 2: Tests`. */
  readonly number?: string;
  readonly title: string;
  /** The title without its number. */
  readonly words: string;
  readonly level: number;
  /** The first and the last line of it, up to the next heading, from 1. */
  readonly line: number;
  readonly lastLine: number;
}

const HEADING = /^(#{1,6})\s+(\S.*?)(?:\s+#+)?\s*$/;
/** `2. Tests`, `Phase 1: Tests`, `Task Group 3 - Tests`, `Task A1: Tests` */
const HEADING_NUMBER =
  /^(?:(?:phase|task group|task|group|step|part|section) +([A-Z]?\.?\d+[a-z]?(?:\.\d+[a-z]?)*)|(\d+[a-z]?(?:\.\d+[a-z]?)*))(?=[.:)\s–—-]|$)(?:\.?[:)]?(?: +[–—-])? +|[.:)]?$)/i;

/** The headings of a text; the first one stands for its beginning and has no words. */
export function sectionsOf(lines: readonly string[]): readonly ChecklistSection[] {
  const found: Omit<ChecklistSection, 'lastLine'>[] = [{ line: 1, level: 0, title: '', words: '' }];
  for (const [index, line] of lines.entries()) {
    const [, marks = '', words = ''] = HEADING.exec(line) ?? [];
    if (words === '') continue;
    const title = plainWords(words);
    const [start = '', named, number = named] = HEADING_NUMBER.exec(title) ?? [];
    found.push({
      ...{ line: index + 1, level: marks.length, title, words: title.slice(start.length) || title },
      ...(number === undefined ? {} : { number }),
    });
  }
  return found.map((section, at) => ({
    ...section,
    lastLine: (found[at + 1]?.line ?? lines.length + 1) - 1,
  }));
}

/** Words without emphasis. */
export function plainWords(words: string): string {
  return words.replace(/\*\*/g, '').trim();
}
