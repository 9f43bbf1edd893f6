import { PwtError } from '@pwt/core';
import { isValidBranchName } from '@pwt/git';

/** What a template may name. */
export interface TemplateValues {
  /** The name of the repository's main folder. */
  readonly repo: string;
  readonly run: string;
  /** The task's id, and the same with a numeric id padded to three digits. */
  readonly id?: string;
  readonly id3?: string;
  /** The task's title in lower-case letters, digits and dashes. */
  readonly slug?: string;
  /** Counts a run's scratch checkouts. */
  readonly n?: string;
}

/**
 * Fills `{name}` placeholders.
 *
 * @throws PWT_TEMPLATE_INVALID for a placeholder that does not exist here
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  const known = new Map(Object.entries(values).filter(([, value]) => value !== undefined));
  return template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = known.get(name);
    if (value !== undefined) return value;
    throw new PwtError('PWT_TEMPLATE_INVALID', `There is no placeholder {${name}} for ${template}.`, {
      hint: `Use one of: ${[...known.keys()].map((key) => `{${key}}`).join(', ')}`,
      data: { template, placeholder: name },
    });
  });
}

/** @throws PWT_TEMPLATE_INVALID for a placeholder that does not exist, or a name that git does not take */
export function branchName(template: string, values: TemplateValues): string {
  const branch = fillTemplate(template, values);
  if (isValidBranchName(branch)) return branch;
  throw new PwtError('PWT_TEMPLATE_INVALID', `git does not take ${branch} as the name of a branch.`, {
    hint: `Use another template: pwt run --branch 'feature/us-{id3}' (or branch in the configuration). The rules: git help check-ref-format`,
    data: { template, branch },
  });
}

/** The values for a task. */
export function taskValues(task: {
  readonly repo: string;
  readonly runId: string;
  readonly taskId: string;
  readonly title: string;
}): TemplateValues {
  const { repo, runId, taskId, title } = task;
  return { repo, run: runId, id: taskId, id3: padded(taskId), slug: slugOf(title) || taskId };
}

function padded(id: string): string {
  return /^\d+$/.test(id) ? id.padStart(3, '0') : id;
}

function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}
