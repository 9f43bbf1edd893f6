import { englishVocabulary } from '@pwt/separator';
import type { Checkout } from '../../checkout.js';
import { defineFormat, type TaskFormat } from '../../format.js';
import { withJsonLineValue, withJsonValue } from '../../marking/json-value.js';
import { file as fileOption } from '../../options.js';
import { textOf } from '../../reading/fields.js';
import { missingFile } from '../../reading/missing-file.js';
import { readEntries } from './entries.js';
import { readEntry } from './entry-task.js';

export interface JsonTasksOptions {
  /** @default the first of `pwt.tasks.json`, `pwt.tasks.jsonl` and `tasks.jsonl` that is there */
  readonly file?: string;
}

const FILES = ['pwt.tasks.json', 'pwt.tasks.jsonl', 'tasks.jsonl'];

/** A list of tasks in a JSON or JSONL file, with the shape that docs/formats.md describes. */
export const jsonTasks: TaskFormat<JsonTasksOptions> = defineFormat({
  name: 'json-tasks',
  tasks: 'a list of tasks in a JSON or JSONL file',
  options: { file: fileOption('docs/tasks.json') },

  async detect(checkout) {
    const path = await fileOf(checkout);
    if (path === undefined) return undefined;
    const { entries, diagnostics } = readEntries((await checkout.read(path)) ?? '', path);
    const read = entries.map((entry) => readEntry(entry, path, englishVocabulary));
    // `tasks.jsonl` is a name that others use, too: there, all of it has to be as it is here.
    const isOurs =
      path.startsWith('pwt.') || [...diagnostics, ...read.flatMap((one) => one.diagnostics)].length === 0;
    return isOurs && read.some(({ task }) => task) ? { path } : undefined;
  },

  async load({ checkout, options, vocabulary }) {
    const path = options.file ?? (await fileOf(checkout));
    const text = path === undefined ? undefined : await checkout.read(path);
    if (path === undefined || text === undefined)
      return { tasks: [], diagnostics: await missingFile(checkout, options.file) };
    const { entries, diagnostics } = readEntries(text, path);
    const read = entries.map((entry) => readEntry(entry, path, vocabulary));
    return {
      tasks: read.flatMap(({ task }) => task ?? []),
      diagnostics: [...diagnostics, ...read.flatMap((one) => one.diagnostics)],
    };
  },

  normaliseId: (id) => id,

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    if (text === undefined) return [];
    const entry = readEntries(text, path).entries.find(({ fields }) => textOf(fields.id) === task.id);
    if (!entry || readEntry(entry, path, englishVocabulary).task?.done !== undefined) return [];
    const [key, value] =
      textOf(entry.fields.status) === undefined ? (['done', true] as const) : (['status', 'done'] as const);
    const marked = entry.path
      ? withJsonValue(text, entry.path, key, value)
      : withJsonLineValue(text, entry.line, key, value);
    return [{ path, text: marked }];
  },
});

async function fileOf(checkout: Checkout): Promise<string | undefined> {
  for (const file of FILES) if (await checkout.has(file)) return file;
  return undefined;
}
