import { type Diagnostic, isTaskId } from '@pwt/core';
import type { Checkout } from '../../checkout.js';
import type { FormatTask } from '../../format.js';
import { type Fields, numberOf, textOf } from '../../reading/fields.js';
import { readFrontMatter } from '../../reading/front-matter.js';
import { sha256 } from '../../sha256.js';

/** `task-12 - Title.md`, `back-12.3 - Title.md`. */
const FILE_ID = /^([A-Za-z][A-Za-z0-9_]*-\d+(?:\.\d+)*)(?:[ _-].*)?\.md$/;
/** So many folders below one with tasks are looked into. */
const DEEPEST = 3;

/** A task file that was read. */
export interface BacklogFile {
  readonly path: string;
  readonly text: string;
  readonly fields: Fields;
  readonly id: string;
}

interface TaskFile {
  readonly path: string;
  /** As the name of the file has it. */
  readonly id: string;
}

/** The task files of a folder and of those in it, in which some keep the tasks of an epic. */
export async function taskFiles(
  checkout: Checkout,
  folder: string,
  depth: number = DEEPEST,
): Promise<readonly TaskFile[]> {
  const found = (await checkout.entries(folder)).map(async ({ name, kind }): Promise<readonly TaskFile[]> => {
    const path = `${folder}/${name}`;
    if (kind === 'folder') return depth === 0 ? [] : taskFiles(checkout, path, depth - 1);
    const id = FILE_ID.exec(name)?.[1]?.toUpperCase();
    return id === undefined || id.startsWith('DRAFT-') ? [] : [{ path, id }];
  });
  return (await Promise.all(found)).flat();
}

/** The tasks of a folder, as the board shows them. */
export async function readTasks(
  checkout: Checkout,
  folder: string,
): Promise<{ readonly tasks: readonly BacklogFile[]; readonly diagnostics: readonly Diagnostic[] }> {
  const names = await taskFiles(checkout, folder);
  const texts = await checkout.readAll(names.map(({ path, id }) => ({ path, taskId: id })));
  const tasks: BacklogFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [at, { path, id: named }] of names.entries()) {
    const text = texts[at];
    if (text === undefined) continue;
    const fields = readFrontMatter(text) ?? {};
    const id = textOf(fields.id)?.toUpperCase() ?? named;
    if (isTaskId(id)) tasks.push({ path, text, fields, id });
    else diagnostics.push(unusable(path, id));
  }
  return { tasks: tasks.sort(byOrder), diagnostics };
}

/** As the board shows them: by `ordinal` where it is given, then by number. */
function byOrder(a: BacklogFile, b: BacklogFile): number {
  const [one, other] = [a, b].map(({ fields }) => numberOf(fields.ordinal) ?? Number.POSITIVE_INFINITY);
  return one === other || one === undefined || other === undefined
    ? a.id.localeCompare(b.id, 'en', { numeric: true })
    : one - other;
}

/** The tasks of a folder in which all are finished. Their names are enough: nothing of them is read. */
export async function finishedTasks(checkout: Checkout, folder: string): Promise<readonly FormatTask[]> {
  return (await taskFiles(checkout, folder)).map(({ path, id }) => ({
    id,
    title: id,
    specs: [{ path, text: '', hash: sha256('') }],
    dependsOn: [],
    done: `it is in ${path.slice(0, path.lastIndexOf('/'))}`,
  }));
}

function unusable(path: string, id: string): Diagnostic {
  return {
    code: 'PWT_TASK_ID_MISSING',
    severity: 'warning',
    message: `${path} names no task: "${id}" is no id.`,
    hint: 'Write one into its front matter: id: TASK-1',
    path,
    line: 1,
  };
}
