import type { Diagnostic } from '@pwt/core';
import { parseChecklist } from '../../checklist/parse-checklist.js';
import { rootParts } from '../../checklist/parts.js';
import { below, type Checkout } from '../../checkout.js';
import { distinct, nameForId } from '../../names.js';
import { findMarkdown } from '../../reading/find-markdown.js';
import { filesOf } from './file-needs.js';
import { planParts } from './plan-parts.js';

/** A plan with its text. */
export interface PlanFile {
  readonly path: string;
  /** What the ids of its tasks begin with. */
  readonly name: string;
  readonly text: string;
  /** The folder that the search began in. */
  readonly searched: string;
}

export interface FoundPlans {
  readonly plans: readonly PlanFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const folders = ['docs/superpowers/plans', 'docs/plans', 'docs/plan', 'plans'];
const SINGLE = /^(?:implementation[-_]?plan|plan|tasks|to-?do)\.md$/i;
const ASIDE =
  /^(?:readme|index|agents|claude|template)\b|[-_.](?:design|spec|template|review|notes|summary|report|retro)\.md$/i;

/** The plans in the usual places; what only may be one is looked into. */
export async function usualPlans(checkout: Checkout): Promise<FoundPlans> {
  const single: string[] = [];
  for (const folder of ['', 'docs'])
    for (const { name, kind } of await checkout.entries(folder))
      if ((kind === 'file' || kind === 'link') && SINGLE.test(name)) single.push(below(folder, name));
  const found = await findMarkdown(folders, checkout);
  const files = [
    ...single.map((path) => ({ path, searched: path.includes('/') ? 'docs' : '' })),
    ...found.files.filter(({ path }) => !ASIDE.test(path.slice(path.lastIndexOf('/') + 1))),
  ];
  const plans = await readPlans(files, checkout);
  return { plans: named(plans.filter(isPlan)), diagnostics: [] };
}

/** The plans that a configuration names. */
export async function namedPlans(globs: readonly string[], checkout: Checkout): Promise<FoundPlans> {
  const { files, diagnostics } = await findMarkdown(globs, checkout);
  return { plans: named(await readPlans(files, checkout)), diagnostics };
}

type ReadFile = Omit<PlanFile, 'name'>;

async function readPlans(
  files: readonly { readonly path: string; readonly searched: string }[],
  checkout: Checkout,
): Promise<readonly ReadFile[]> {
  const texts = await checkout.readAll(files);
  return files.flatMap((file, at) => {
    const text = texts[at];
    return text === undefined ? [] : [{ ...file, text }];
  });
}

const STAGE =
  /^(?:phase|step|stage|milestone|sprint|week|day|part|iteration|tasks?|to-?dos?|task list|implementation)\b/i;

/** Whether a file in a usual place is a plan: it has tasks as headings with files or boxes, or a list of boxes that is its purpose. */
function isPlan({ path, text }: ReadFile): boolean {
  const parts = planParts(text);
  if (parts.some(({ text, items }) => items.length > 0 || filesOf(text) !== undefined)) return true;
  const boxes = rootParts(parseChecklist(text));
  if (boxes.length < 2) return false;
  return (
    SINGLE.test(path.slice(path.lastIndexOf('/') + 1)) || boxes.some(({ phase = '' }) => STAGE.test(phase))
  );
}

function named(files: readonly ReadFile[]): readonly PlanFile[] {
  const names = files.map(({ path }) => {
    const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:md|markdown)$/i, '');
    const words = file
      .replace(/^\d{4}-\d\d-\d\d[-_]?/, '')
      .replace(/(?<=.)[-_](?:implementation[-_])?plan$/i, '');
    return nameForId(words.toLowerCase(), 'plan');
  });
  const unique = distinct(names);
  return files.map((file, at) => ({ ...file, name: unique[at] ?? 'plan' }));
}
