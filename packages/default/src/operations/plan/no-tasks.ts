import type { Diagnostic } from '@pwt/core';
import { areThere, missingFormats } from '../../composition/plugins/missing-formats.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';

const LEFT_OUT: ReadonlySet<string> = new Set(['PWT_TASK_DONE', 'PWT_TASK_LANDED', 'PWT_TASK_DEFERRED']);

/** True if there are tasks and none is left to do, for reasons that are among the diagnostics. */
export function areLeftOut(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => LEFT_OUT.has(code));
}

/** The warning for a plan without tasks: a mistyped folder of specs must not look like one without problems. */
export async function noTasks(
  { root }: Pick<Project, 'root'>,
  { formats }: Pick<ResolvedConfig, 'formats'>,
): Promise<Diagnostic> {
  const missing = await missingFormats(root, formats);
  const hint = missing
    ? `${areThere(missing.files)}. Write in the configuration: "formats": ${JSON.stringify(missing.formats)}`
    : 'Write one, for example specs/SPEC-1-first-task.md, or name its folder in `specs` of the configuration. Other formats are switched on with `formats`: see docs/formats.md.';
  return { code: 'PWT_NO_TASKS', severity: 'warning', message: 'There are no tasks.', hint };
}

/**
 * What is said of tasks in formats that are not read. A configuration that names its formats has chosen: then nothing is said.
 */
export async function otherFormats(
  { root }: Pick<Project, 'root'>,
  { formats, written }: Pick<ResolvedConfig, 'formats' | 'written'>,
): Promise<readonly Diagnostic[]> {
  const missing = written.formats === undefined ? await missingFormats(root, formats) : undefined;
  if (!missing) return [];
  return [
    {
      code: 'PWT_FORMATS_FOUND',
      severity: 'info',
      message: `There are tasks in other formats, which are not read: ${areThere(missing.files)}.`,
      hint: `To read them, write in the configuration: "formats": ${JSON.stringify(missing.formats)}. To leave it as it is: "formats": ${JSON.stringify(formats)}`,
    },
  ];
}
