import { type Checklist, type ChecklistItem, lastLineWithin } from './parse-checklist.js';
import type { ChecklistSection } from './sections.js';

/** A part of a checklist that is one task: a box with what is below it, or what is below a heading. */
export interface Part {
  /** Unique in the list, the same whether boxes are ticked or not: `1`, `1.2`, `2-2` for the second one that is numbered 2. */
  readonly number: string;
  readonly title: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** The box that stands for all of it; absent for a heading. */
  readonly item?: ChecklistItem;
  /** What has to be done for it: its box, or the boxes below the heading. */
  readonly items: readonly ChecklistItem[];
  /** The words of the heading that it is below. */
  readonly phase?: string;
}

/** Headings whose boxes are no work: they say when it is done, or what may go wrong. */
const NO_WORK =
  /^(?:phase [\d.]+ )?(?:acceptance|success|completion|exit|done) (?:criteria|metrics|validation|checklist)\b|^definition of done\b|^(?:functional|quality|process) metrics$|^(?:high|medium|low)?[ -]?risks?\b|^(?:must|should|could|won't|nice[ -]to)[ -]have$/i;
/** Headings that every list has. */
const NO_PHASE = /^(?:implementation )?(?:tasks?|task list|plan|implementation|checklist|to-?dos?)$/i;

/** Each box that is not below another one. */
export function rootParts(list: Checklist): readonly Part[] {
  const roots = workIn(list);
  const positions = positionsOf(roots);
  return unique(roots.map((item) => itemPart(item, item.number ?? positions.get(item))));
}

/** Each box that has none below it. */
export function leafParts(list: Checklist): readonly Part[] {
  const roots = workIn(list);
  const positions = positionsOf(roots);
  const parts: Part[] = [];
  const add = (item: ChecklistItem, number = '') => {
    if (item.children.length === 0) parts.push(itemPart(item, number));
    for (const [at, child] of item.children.entries()) add(child, child.number ?? `${number}.${at + 1}`);
  };
  for (const item of roots) add(item, item.number ?? positions.get(item));
  return unique(parts);
}

/** Each heading with boxes; what is above the first heading counts as one, too. */
export function sectionParts(list: Checklist): readonly Part[] {
  const sections = [...bySection(workIn(list))];
  return unique(
    sections.map(([section, items], at) => sectionPart(section, items, section.number ?? `${at + 1}`)),
  );
}

/**
 * Each piece that its author has cut out for one go: a heading that is numbered as its boxes are (`### Task 1.2` over `1.2.1`,
 * `#### Task Group 2` over `2.0`, `### 3. Export` over boxes without numbers), and each box that is not below such a heading.
 * Phases are larger than that.
 */
export function groupParts(list: Checklist): readonly Part[] {
  const roots = workIn(list);
  const positions = positionsOf(roots);
  return unique(
    [...bySection(roots)].flatMap(([section, items]) =>
      isGroup(section, items)
        ? [sectionPart(section, items, section.number ?? '')]
        : items.map((item) => itemPart(item, item.number ?? positions.get(item))),
    ),
  );
}

function workIn({ roots }: Checklist): readonly ChecklistItem[] {
  return roots.filter(({ section }) => !NO_WORK.test(section.title));
}

function isGroup({ number, title }: ChecklistSection, items: readonly ChecklistItem[]): boolean {
  if (number === undefined || /^phase\b/i.test(title)) return false;
  const isOnlyOne = /^(?:task|group|step)\b/i.test(title);
  return items.every(
    (item) =>
      item.number === undefined ||
      item.number.startsWith(`${number}.`) ||
      (isOnlyOne && item.number === number),
  );
}

function itemPart(item: ChecklistItem, number = ''): Part {
  const { title: phase, level } = item.section;
  return {
    ...{
      number,
      title: item.text,
      firstLine: item.line,
      lastLine: lastLineWithin(item),
      item,
      items: [item],
    },
    ...(level < 2 || NO_PHASE.test(phase) ? {} : { phase }),
  };
}

function sectionPart(section: ChecklistSection, items: readonly ChecklistItem[], number: string): Part {
  const { words, line: firstLine, lastLine } = section;
  return { number, title: words || (items[0]?.text ?? ''), firstLine, lastLine, items };
}

function bySection(items: readonly ChecklistItem[]): ReadonlyMap<ChecklistSection, readonly ChecklistItem[]> {
  const found = new Map<ChecklistSection, ChecklistItem[]>();
  for (const item of items) {
    const group = found.get(item.section);
    if (group) group.push(item);
    else found.set(item.section, [item]);
  }
  return found;
}

/** A number for a box that has none: its place below a numbered heading, or in the list. */
function positionsOf(roots: readonly ChecklistItem[]): ReadonlyMap<ChecklistItem, string> {
  const before = new Map<ChecklistSection, number>();
  return new Map(
    roots.map((item, at) => {
      const { section } = item;
      const place = (before.get(section) ?? 0) + 1;
      before.set(section, place);
      return [item, section.number === undefined ? `${at + 1}` : `${section.number}.${place}`];
    }),
  );
}

function unique(parts: readonly Part[]): readonly Part[] {
  const used = new Map<string, number>();
  return parts.map((part) => {
    const times = (used.get(part.number) ?? 0) + 1;
    used.set(part.number, times);
    return times === 1 ? part : { ...part, number: `${part.number}-${times}` };
  });
}
