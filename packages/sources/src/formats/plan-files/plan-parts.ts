import { findStatus } from '@pwt/separator';
import {
  type Checklist,
  type ChecklistItem,
  isDone,
  leavesOf,
  parseChecklist,
} from '../../checklist/parse-checklist.js';
import type { ChecklistSection } from '../../checklist/sections.js';

/** A heading of a plan that is a task, with what is below it. */
export interface PlanPart {
  /** `3`, as its heading has it, or its place. */
  readonly number: string;
  readonly title: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** The text from its heading on. */
  readonly text: string;
  /** The heading above it. */
  readonly phase?: string;
  /** The boxes below it. */
  readonly items: readonly ChecklistItem[];
  /** What shows that it is finished. */
  readonly done?: string;
}

const SIGNS = /^(?:[\p{Extended_Pictographic}\p{M}\s]|~~|\[[ xX]\])+|~~$/gu;
const TASK = /^task\s+#?([A-Z]?\d+(?:\.\d+)*[a-z]?)\b\s*[:.)–—-]*\s*(.*)$/i;
const BOX = /^(?:~~)?\[[ xX]\]\s/;
const TASKS = /^(?:implementation |development )?(?:tasks?|task list|task breakdown|to-?dos?|work items)$/i;
const NUMBERED = /^(\d+(?:\.\d+)*)[.:)]?\s+(.*)$/;

/** The headings of a plan that are its tasks; none if it has no such headings. */
export function planParts(text: string): readonly PlanPart[] {
  const list = parseChecklist(text);
  const { sections, lines } = list;
  const rawOf = ({ line }: ChecklistSection) => (lines[line - 1] ?? '').replace(/^\s*#+\s*/, '').trim();
  const headings = sections.filter(({ level }) => level >= 2);
  const named = headings.filter((section) => TASK.test(clean(rawOf(section))));
  const boxed = headings.filter((section) => BOX.test(rawOf(section)));
  const listed = childrenOf(
    sections.find((section) => TASKS.test(clean(rawOf(section)))),
    sections,
  );
  const chosen = outermost(named.length > 0 ? named : boxed.length > 0 ? boxed : listed);
  const used = new Map<string, number>();
  return chosen.map((section, at) => {
    const raw = rawOf(section);
    const words = clean(raw);
    const [, number = `${at + 1}`, title = words] = TASK.exec(words) ?? NUMBERED.exec(words) ?? [];
    const times = (used.get(number) ?? 0) + 1;
    used.set(number, times);
    const part = partOf(section, list);
    const done = doneBy(raw, part.text, part.items);
    return {
      ...{ ...part, number: times === 1 ? number : `${number}-${times}`, title: title || words },
      ...(done === undefined ? {} : { done }),
    };
  });
}

function clean(raw: string): string {
  return raw
    .replace(SIGNS, '')
    .replace(/\*\*|`/g, '')
    .trim();
}

/** Task 1.1 below task 1 is a part of it. */
function outermost(sections: readonly ChecklistSection[]): readonly ChecklistSection[] {
  const level = Math.min(...sections.map((section) => section.level));
  return sections.filter((section) => section.level === level);
}

function childrenOf(
  parent: ChecklistSection | undefined,
  sections: readonly ChecklistSection[],
): readonly ChecklistSection[] {
  if (!parent) return [];
  const behind = sections.slice(sections.indexOf(parent) + 1);
  const end = behind.findIndex(({ level }) => level <= parent.level);
  const inside = end < 0 ? behind : behind.slice(0, end);
  return inside.length < 2 ? [] : inside;
}

function partOf(section: ChecklistSection, { sections, lines, roots }: Checklist) {
  const at = sections.indexOf(section);
  const next = sections.slice(at + 1).find(({ level }) => level <= section.level);
  const firstLine = section.line;
  let lastLine = (next?.line ?? lines.length + 1) - 1;
  while (lastLine > firstLine && /^[-*_\s]*$/.test(lines[lastLine - 1] ?? '')) lastLine -= 1;
  const above = sections.slice(0, at).findLast(({ level }) => level >= 2 && level < section.level);
  return {
    ...{ firstLine, lastLine, text: `${lines.slice(firstLine - 1, lastLine).join('\n')}\n` },
    ...(above && !TASKS.test(above.title) ? { phase: above.title } : {}),
    items: roots.filter(({ line }) => line > firstLine && line <= lastLine),
  };
}

const TICK = /^(?:~~)?(?:[✅☑✔]\p{M}?|\[[xX]\])|[✅☑✔]\p{M}?$/u;
const DONE = /^(?:done|completed?|finished|implemented|merged|shipped)$/i;
const BEHIND = /[([]([^)\]]{1,40})[)\]]$|\s[–—-]\s([^–—-]{1,40})$/;

function doneBy(raw: string, text: string, items: readonly ChecklistItem[]): string | undefined {
  if (TICK.test(raw) || /^~~.*~~$/.test(raw)) return 'is marked as done';
  const [, inside, behind] = BEHIND.exec(raw) ?? [];
  if (DONE.test(inside ?? behind ?? '')) return `says "${inside ?? behind}"`;
  const status = findStatus(`# ${text.replace(/^[^\n]*/, 'Task')}`);
  if (status?.done) return `says "${status.text}"`;
  const boxes = leavesOf(items);
  return boxes.length > 0 && items.every(isDone) ? 'has no open box' : undefined;
}
