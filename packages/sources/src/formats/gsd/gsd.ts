import type { Claim, Diagnostic } from '@pwt/core';
import { below } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { tickLine } from '../../marking/tick-line.js';
import { folderList } from '../../options.js';
import { markdownTask } from '../../reading/markdown-task.js';
import { documentsOf, parentOf } from './documents.js';
import { filesOfTasks } from './files-of-tasks.js';
import { type Plan, planFiles, readPlan } from './find-plans.js';
import { planNeeds } from './needs.js';
import { normalisePlanId, summaryPath } from './plan-name.js';
import { plainPhase, type Roadmap, readRoadmap } from './roadmap.js';

export interface GsdOptions {
  /** Folders that hold a folder for each phase. @default ['.planning/phases'] */
  readonly folders?: readonly string[];
}

const defaultFolders: readonly string[] = ['.planning/phases'];

/** The plans of GSD: `.planning/phases/01-name/01-02-PLAN.md`. One with a summary beside it is finished. */
export const gsd: TaskFormat<GsdOptions> = defineFormat({
  name: 'gsd',
  tasks: "GSD's plans, by phase",
  options: { folders: folderList(['.planning/phases']) },

  async detect(checkout) {
    const [first] = await planFiles(checkout, defaultFolders);
    return first && { path: first.path };
  },

  async load({ checkout, options: { folders = defaultFolders }, vocabulary }) {
    const files = await planFiles(checkout, folders);
    const texts = await checkout.readAll(files.map(({ path }) => ({ path })));
    const plans = files.flatMap((file, at) => readPlan(file, texts[at]));
    const roadmaps = new Map<string, Roadmap>();
    for (const folder of folders) {
      const path = roadmapPath(folder);
      roadmaps.set(path, readRoadmap((await checkout.read(path)) ?? ''));
    }
    const tasks: FormatTask[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const folder of folders) {
      const path = roadmapPath(folder);
      const roadmap = roadmaps.get(path) ?? readRoadmap('');
      const own = plans.filter((plan) => plan.folder.startsWith(`${folder}/`));
      const needs = planNeeds(own, roadmap);
      for (const plan of own) {
        const { task, diagnostics: found } = markdownTask(plan, vocabulary);
        const done = finishedBy(plan, roadmap, path);
        tasks.push({
          ...task,
          title: (plan.title ?? task.title).slice(0, 120),
          ...declaredOf(plan, task.declared),
          dependsOn: needs.get(plan.id) ?? [],
          context: {
            folder: plan.folder,
            phase: plan.folder.slice(plan.folder.lastIndexOf('/') + 1),
            documents: await documentsOf(plan.folder, checkout),
          },
          ...(done === undefined ? {} : { done }),
        });
        diagnostics.push(...found);
        if (plan.isAttended && done === undefined) diagnostics.push(attended(plan));
      }
    }
    return { tasks, diagnostics };
  },

  normaliseId: normalisePlanId,

  async markDone({ task, read, options: { folders = defaultFolders } }) {
    const { path = '' } = task.specs[0] ?? {};
    if ((await read(path)) === undefined) return [];
    const edits = [];
    const summary = summaryPath(path);
    if ((await read(summary)) === undefined)
      edits.push({ path: summary, text: summaryOf(task.id, task.title) });
    const roadmap = roadmapPath(folders.find((folder) => path.startsWith(`${folder}/`)) ?? '');
    const text = (await read(roadmap)) ?? '';
    const box = readRoadmap(text).plans.get(task.id);
    if (box && !box.isTicked) edits.push({ path: roadmap, text: tickLine(text, box.line) });
    return edits;
  },
});

/** Plans of earlier versions name their files in their tasks alone. */
function declaredOf(
  { path, text }: Plan,
  declared: readonly Claim[] = [],
): { readonly declared?: readonly Claim[] } {
  if (declared.length > 0) return {};
  const named = filesOfTasks(text, path);
  return named.length > 0 ? { declared: named } : {};
}

function finishedBy(plan: Plan, roadmap: Roadmap, path: string): string | undefined {
  if (plan.summary !== undefined) return `${plan.summary} is there`;
  const box = roadmap.plans.get(plan.id);
  if (box?.isTicked) return `${path}:${box.line} is ticked off`;
  const phase = roadmap.phases.get(plainPhase(plan.phase));
  return phase?.isTicked ? `${path}:${phase.line} is ticked off` : undefined;
}

/** `.planning/ROADMAP.md` of `.planning/phases`. */
function roadmapPath(folder: string): string {
  return below(parentOf(folder), 'ROADMAP.md');
}

function summaryOf(id: string, title: string): string {
  return `# ${id} Summary\n\n**${title.replace(/\s+/g, ' ')}**\n\nThis plan was carried out with pwt and has passed its checks. What was done is in the commit that adds this file.\n`;
}

function attended({ id, path }: Plan): Diagnostic {
  return {
    code: 'PWT_TASK_ATTENDED',
    severity: 'warning',
    message: `${id} says that it needs a person in between (\`autonomous: false\`); its agent works on it without one.`,
    hint: 'Leave it to a person, or name those to run.',
    taskIds: [id],
    path,
    line: 1,
  };
}
