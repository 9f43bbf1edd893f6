import type { TaskContext } from '@pwt/core';
import { buildTasks, normaliseSpecId, parseSpecName, type SpecPath, type SpecText } from '@pwt/separator';
import { below, type Checkout, type WantedFile } from '../../checkout.js';
import { finishedBy, mainFile } from '../../finished.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { withDoneStatus } from '../../marking/done-status.js';
import { globList } from '../../options.js';
import { defaultSpecGlobs, findSpecs } from './find-specs.js';

export interface SpecFilesOptions {
  /** @default defaultSpecGlobs */
  readonly globs?: readonly string[];
}

/**
 * Files named `SPEC-<id>-<words>.md` and folders named `SPEC-<id>-<words>`, or with another word for `SPEC` that ids begin
 * with. What they say is read by
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
    const folders = specFolders(specs);
    const searched = new Map(found.specs.map(({ path, searched }) => [path, searched]));
    return {
      tasks: await Promise.all(
        tasks.map(async (task): Promise<FormatTask> => {
          const { path = '' } = mainFile(task.specs) ?? {};
          const done = finishedBy(task.specs, vocabulary, searched.get(path), cache);
          const folder = folders.get(path);
          const context = folder === undefined ? {} : { context: await contextOf(folder, checkout) };
          return { ...task, ...context, ...(done === undefined ? {} : { done }) };
        }),
      ),
      diagnostics: [...found.diagnostics, ...diagnostics],
      notes: notesOn(priorityNumbers),
    };
  },

  normaliseId: normaliseSpecId,

  async markDone({ task, read }) {
    const { path = '' } = mainFile(task.specs) ?? {};
    const text = await read(path);
    const marked = text === undefined ? undefined : withDoneStatus(text);
    return marked === undefined || marked === text ? [] : [{ path, text: marked }];
  },
});

/** The folders that are specs, by the paths of their files. */
function specFolders(specs: readonly SpecPath[]): ReadonlyMap<string, string> {
  const folders = specs.flatMap(({ path, name }): [string, string][] => {
    const names = path.split('/');
    const at = names.indexOf(name);
    return at < 0 ? [] : [[path, names.slice(0, at + 1).join('/')]];
  });
  return new Map(folders);
}

const DOCUMENT = /\.(?:ya?ml|json|txt|sql|graphql|proto|mmd|puml|openapi|csv|html?)$/i;
const MOST_DOCUMENTS = 20;

/** A spec's folder, with the documents in it that are not a part of its text. */
async function contextOf(folder: string, checkout: Checkout): Promise<TaskContext> {
  const inside = await documentsIn(folder, checkout, 2);
  const documents = inside.slice(0, MOST_DOCUMENTS);
  return { folder, ...(documents.length === 0 ? {} : { documents }) };
}

async function documentsIn(folder: string, checkout: Checkout, levels: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, kind } of await checkout.entries(folder)) {
    const path = below(folder, name);
    if (kind === 'folder' && levels > 0) found.push(...(await documentsIn(path, checkout, levels - 1)));
    else if (kind === 'file' && DOCUMENT.test(name)) found.push(path);
  }
  return found;
}

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
