import { readLines } from '@pwt/separator';
import { markPart } from '../../checklist/feature-lists.js';
import { hashOf, inOrder as listInOrder, listTasks, titleOf } from '../../checklist/list-tasks.js';
import { type Checklist, parseChecklist } from '../../checklist/parse-checklist.js';
import { type Part, rootParts } from '../../checklist/parts.js';
import { finishedBy } from '../../finished.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { tickLines } from '../../marking/tick-line.js';
import { flag, globList } from '../../options.js';
import { isVerification } from '../../verification.js';
import { needsByFiles } from './file-needs.js';
import { namedPlans, type PlanFile, usualPlans } from './find-plans.js';
import { type PlanPart, planParts } from './plan-parts.js';

export interface PlanFilesOptions {
  /** Plans, as globs. @default the usual places, see docs/formats.md */
  readonly files?: readonly string[];
  /**
   * True: each task waits for the one before it. False: no task waits for another one. Absent: tasks wait where their files,
   * their words or the phases of the plan say so.
   */
  readonly inOrder?: boolean;
}

/** Plans in a file each, such as those of superpowers: their headings `Task 1: …` are the tasks, or else their boxes. */
export const planFiles: TaskFormat<PlanFilesOptions> = defineFormat({
  name: 'plan-files',
  tasks: 'the plans in Markdown files',
  options: { files: globList(['docs/plans/*.md']), inOrder: flag(true) },

  async detect(checkout) {
    const [first] = (await usualPlans(checkout)).plans;
    return first && { path: first.path };
  },

  async load({ checkout, options: { files, inOrder }, vocabulary }) {
    const { plans, diagnostics } = await (files ? namedPlans(files, checkout) : usualPlans(checkout));
    const tasks = plans.flatMap((plan) => {
      const { path, text, searched } = plan;
      const finished = finishedBy([{ path, text, hash: '' }], vocabulary, searched);
      return tasksOf(plan, inOrder).map(
        (task): FormatTask => (finished === undefined ? task : { ...task, done: task.done ?? finished }),
      );
    });
    return { tasks, diagnostics };
  },

  normaliseId: (id) => id.replace(/[-_ ](?:task[-_ ]?|t)?([A-Z]?\d+(?:\.\d+)*[a-z]?)$/i, '-t$1'),

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    if (text === undefined) return [];
    const parts = planParts(text);
    // The boxes of a list are found by their numbers alone.
    const id = task.id.replace(/-t(?=[^-]*(?:-\d+)?$)/, '-');
    if (parts.length === 0) return markPart({ task: { ...task, id }, read }, rootParts);
    const part = headingOf(task.id, task.title, parts);
    return !part || part.done !== undefined ? [] : [{ path, text: withPartDone(text, part) }];
  },
});

function tasksOf(plan: PlanFile, inOrder: boolean | undefined): readonly FormatTask[] {
  const parts = planParts(plan.text);
  if (parts.length === 0) return checklistTasks(plan, inOrder);
  const needs =
    inOrder === undefined
      ? needsByFiles(parts)
      : new Map(
          parts.map((part, at) => [
            part,
            inOrder ? parts.slice(Math.max(0, at - 1), at).map(({ number }) => number) : [],
          ]),
        );
  return parts.map((part): FormatTask => {
    const { number, title, text, firstLine, phase, done } = part;
    return {
      ...{ id: `${plan.name}-t${number}`, title: titleOf(title) },
      specs: [{ path: plan.path, text, firstLine, hash: hashOf(text) }],
      dependsOn: (needs.get(part) ?? []).map((need) => `${plan.name}-t${need}`),
      context: { documents: [plan.path], ...(phase === undefined ? {} : { phase }) },
      ...(isVerification(title) ? { verification: true as const } : {}),
      ...(done === undefined ? {} : { done: `${plan.path}:${firstLine} ${done}` }),
    };
  });
}

function checklistTasks({ path, text, name }: PlanFile, inOrder: boolean | undefined): readonly FormatTask[] {
  const list = parseChecklist(text);
  const parts = workParts(list, text);
  const needs = inOrder === undefined ? needsByPhase(parts) : inOrder ? listInOrder(parts) : new Map();
  return listTasks({ path, list, parts, prefix: `${name}-t`, context: { documents: [path] }, needs });
}

const CRITERIA =
  /^(?:acceptance|success|completion|exit|done)[ -]criteria\b|^definition of done\b|^(?:out of scope|non-goals|risks)\b/i;

/** The boxes of a list, but for those below a label that makes criteria of them: `**Acceptance criteria:**`. */
function workParts(list: Checklist, text: string): readonly Part[] {
  const labels = new Map(readLines(text).map(({ number, under }) => [number, under]));
  return rootParts(list).filter(({ firstLine }) => !CRITERIA.test(labels.get(firstLine) ?? ''));
}

const PHASE = /^(?:phase|stage|milestone|sprint|week|iteration|step)\b.*?\d/i;

/** The boxes of a phase wait for those of the phase before it, and not for each other. */
function needsByPhase(parts: readonly Part[]): ReadonlyMap<Part, readonly string[]> {
  const needs = new Map<Part, readonly string[]>();
  let before: readonly string[] = [];
  let current: string[] = [];
  let phase: string | undefined;
  for (const part of parts) {
    const own = part.phase !== undefined && PHASE.test(part.phase) ? part.phase : undefined;
    if (own !== phase) {
      if (phase !== undefined && current.length > 0) before = current;
      current = [];
      phase = own;
    }
    needs.set(part, own === undefined ? [] : before);
    if (own !== undefined) current.push(part.number);
  }
  return needs;
}

/** The heading of a task, in a plan that may have changed since. */
function headingOf(id: string, title: string, parts: readonly PlanPart[]): PlanPart | undefined {
  const same = parts.filter((part) => titleOf(part.title) === title);
  return same.find(({ number }) => id.endsWith(`-t${number}`)) ?? (same.length === 1 ? same[0] : undefined);
}

/** Its boxes ticked off; the heading is marked where it has a box itself, or where there is none below it. */
function withPartDone(text: string, { firstLine, items }: PlanPart): string {
  const boxes = withChildren(items);
  const ticked = tickLines(
    text,
    boxes.map(({ line }) => line),
  );
  const lines = ticked.split('\n');
  const heading = lines[firstLine - 1] ?? '';
  const boxed = heading.replace(/^(\s*#+\s+(?:~~)?)\[ \]/, '$1[x]');
  if (boxed !== heading) return lines.with(firstLine - 1, boxed).join('\n');
  if (boxes.length > 0) return ticked;
  return lines.with(firstLine - 1, heading.replace(/^(\s*#+\s+)/, '$1✅ ')).join('\n');
}

function withChildren(items: Part['items']): Part['items'] {
  return items.flatMap((item) => [item, ...withChildren(item.children)]);
}
