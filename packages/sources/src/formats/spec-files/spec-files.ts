import { buildTasks, normaliseSpecId, parseSpecName, type SpecPath, type SpecText } from '@pwt/separator';
import type { WantedFile } from '../../checkout.js';
import { defineFormat, type TaskFormat } from '../../format.js';
import { globList } from '../../options.js';
import { defaultSpecGlobs, findSpecs } from './find-specs.js';

export interface SpecFilesOptions {
  /** @default defaultSpecGlobs */
  readonly globs?: readonly string[];
}

/**
 * Files named `SPEC-<id>-<words>.md` and folders named `SPEC-<id>-<words>`. What they say is read by
 * `buildTasks` of the separator, which embedders use on texts of their own, too.
 */
export const specFiles: TaskFormat<SpecFilesOptions> = defineFormat({
  name: 'spec-files',
  tasks: 'files and folders named SPEC-<id>-<words>',
  options: { globs: globList(['docs/specs', 'later/SPEC-*.md']) },

  async detect(checkout) {
    const [first] = (await findSpecs(defaultSpecGlobs, checkout)).specs;
    return first && { path: first.path };
  },

  async load({ checkout, options: { globs = defaultSpecGlobs }, vocabulary, cache }) {
    const found = await findSpecs(globs, checkout);
    const texts = await checkout.readAll(found.specs.map(wanted));
    const specs = found.specs.flatMap((spec, at): readonly SpecText[] => {
      const text = texts[at];
      return text === undefined ? [] : [{ ...spec, text }];
    });
    const { tasks, diagnostics, priorityNumbers } = buildTasks(specs, { vocabulary, cache });
    return { tasks, diagnostics: [...found.diagnostics, ...diagnostics], notes: notesOn(priorityNumbers) };
  },

  normaliseId: normaliseSpecId,
});

/** A problem with a file is about the task that its name is of. */
function wanted({ path, name }: SpecPath): WantedFile {
  const parsed = parseSpecName(name);
  return { path, taskId: parsed?.story ?? parsed?.id };
}

function notesOn(priorityNumbers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const others = [...priorityNumbers].filter(([number, id]) => number !== id);
  return new Map(
    others.map(([number, id]) => [number, `The spec with priority number ${number} is task ${id}.`]),
  );
}
