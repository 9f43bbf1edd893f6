import { withoutExamples } from '../../checklist/without-examples.js';

/** One `- [ ] T001 [P] [US1] Text` of a `tasks.md`. */
export interface TaskLine {
  readonly id: string;
  readonly done: boolean;
  /** `[P]`: may run beside its neighbours. */
  readonly parallel: boolean;
  /** `US1`, for tasks of a user story. */
  readonly story?: string;
  readonly text: string;
  /** The line of the file, from 1. */
  readonly line: number;
  /** The line itself and what is indented below it. */
  readonly block: string;
  /** Counts the phases that begin above it. */
  readonly phase: number;
  /** The heading of that phase. */
  readonly phaseTitle: string;
  /** The nearest heading above it, of any level. */
  readonly heading: string;
}

const TASK = /^[-*] \[([ xX])\] (?:\*\*)?(T\d{1,6}[A-Za-z]?)(?:\*\*)?:?((?: +\[[A-Za-z0-9]+\])*) +(\S.*)$/;
const HEADING = /^(##+) +(\S.*)$/;
const PHASE = /^Phase\b/i;

/**
 * Reads a `tasks.md`. A phase begins with each `##`, and with deeper headings that are called a phase; others
 * only divide one. Linear in the text; code fences, comments and lines that are not tasks are passed over.
 */
export function parseTaskList(text: string): readonly TaskLine[] {
  const lines = withoutExamples(text.split(/\r?\n/));
  const found: TaskLine[] = [];
  let phase = 0;
  let phaseTitle = '';
  let heading = '';
  for (const [index, line] of lines.entries()) {
    const title = HEADING.exec(line);
    if (title) {
      const [, level, words = ''] = title;
      if (level === '##' || PHASE.test(words)) {
        phase += 1;
        phaseTitle = words;
      }
      heading = words;
      continue;
    }
    const task = TASK.exec(line);
    if (!task) continue;
    const [, box = ' ', id = '', labels = '', rest = ''] = task;
    const marks = [...labels.matchAll(/\[([A-Za-z0-9]+)\]/g)].map((match) => match[1] ?? '');
    const story = marks.find((mark) => /^US\d+$/i.test(mark));
    found.push({
      id,
      done: box !== ' ',
      parallel: marks.includes('P'),
      ...(story === undefined ? {} : { story: story.toUpperCase() }),
      text: rest.trim(),
      line: index + 1,
      block: blockAt(lines, index),
      phase,
      phaseTitle,
      heading,
    });
  }
  return found;
}

function blockAt(lines: readonly string[], start: number): string {
  let end = start + 1;
  while (end < lines.length && /^(?: {2,}|\t)\S/.test(lines[end] ?? '')) end += 1;
  return lines.slice(start, end).join('\n');
}
