import { below, type Checkout } from '../../checkout.js';
import { numberOf, textOf, textsOf } from '../../reading/fields.js';
import { readFrontMatter } from '../../reading/front-matter.js';
import type { OrderedPlan } from './needs.js';
import { means, type PlanName, planName, summaryStem } from './plan-name.js';

/** A plan, by its file. */
export interface PlanFile extends PlanName {
  readonly path: string;
  /** The folder of its phase. */
  readonly folder: string;
  /** The summary that says that it is done. */
  readonly summary?: string;
}

/** A plan with its text. */
export interface Plan extends PlanFile, OrderedPlan {
  readonly text: string;
  /** It asks a person in between. */
  readonly isAttended: boolean;
  /** What it is for, in its own words. */
  readonly title?: string;
}

/** The plans of all phases. */
export async function planFiles(
  checkout: Checkout,
  folders: readonly string[],
): Promise<readonly PlanFile[]> {
  const found: PlanFile[] = [];
  for (const folder of folders) {
    for (const phase of await checkout.folders(folder)) {
      for (const place of [below(folder, phase), `${below(folder, phase)}/plans`]) {
        const names = (await checkout.entries(place))
          .filter(({ kind }) => kind === 'file' || kind === 'link')
          .map(({ name }) => name);
        const summaries = names.flatMap((name) => {
          const stem = summaryStem(name);
          return stem === undefined ? [] : [{ stem, path: below(place, name) }];
        });
        for (const name of names) {
          const plan = planName(phase, name);
          if (!plan) continue;
          const summary = summaries.find(({ stem }) => means(stem, plan))?.path;
          const file = { ...plan, path: below(place, name), folder: below(folder, phase) };
          found.push(summary === undefined ? file : { ...file, summary });
        }
      }
    }
  }
  return found;
}

/** What the front matter and the objective of a plan say; none for a file that can't be read. */
export function readPlan(file: PlanFile, text: string | undefined): readonly Plan[] {
  if (text === undefined) return [];
  const fields = readFrontMatter(text) ?? {};
  const wave = numberOf(fields.wave);
  const [, objective] = /<objective>\s*([^\n<]{1,400})/.exec(text.slice(0, 20_000)) ?? [];
  const title = textOf(fields.title) ?? textOf(fields.objective) ?? objective?.replace(/[*`]/g, '').trim();
  return [
    {
      ...{ ...file, text, isAttended: fields.autonomous === false },
      ...('depends_on' in fields && { dependsOn: textsOf(fields.depends_on) }),
      ...(wave !== undefined && { wave }),
      ...(title !== undefined && title !== '' && { title }),
    },
  ];
}
