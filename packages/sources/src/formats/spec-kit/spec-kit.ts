import type { Checkout } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { tickLine } from '../../marking/tick-line.js';
import { folderList } from '../../options.js';
import { sha256 } from '../../sha256.js';
import { isVerification } from '../../verification.js';
import { dependenciesOf } from './order.js';
import { claimsIn } from './paths.js';
import { parseTaskList, type TaskLine } from './task-list.js';

export interface SpecKitOptions {
  /** Folders that hold feature folders. @default ['specs', '.specify/specs'] */
  readonly folders?: readonly string[];
}

/** A feature with tasks. */
interface Feature {
  readonly name: string;
  /** Its list of tasks, relative to the root. */
  readonly file: string;
  readonly lines: readonly TaskLine[];
}

const defaultFolders: readonly string[] = ['specs', '.specify/specs'];
/** The id of a task in its list, without the prefix of its feature. */
const OWN_ID = /T\d{1,6}[A-Za-z]?$/;
const TASK = /^[-*] \[[ xX]\] (?:\*\*)?T\d/m;

/**
 * The lines of spec-kit's `specs/<feature>/tasks.md`. With one feature, ids are as written (`T001`); with more, they
 * carry the feature's number or name (`001-T001`).
 */
export const specKit: TaskFormat<SpecKitOptions> = defineFormat({
  name: 'spec-kit',
  tasks: 'the tasks.md of a spec-kit feature',
  options: { folders: folderList(['specs']) },

  async detect(checkout) {
    for (const file of await taskLists(checkout, defaultFolders)) {
      // Other task lists have this name, too; the ids are spec-kit's own.
      if (TASK.test((await checkout.read(file)) ?? '')) return { path: file };
    }
    return undefined;
  },

  async load({ checkout, options: { folders = defaultFolders } }) {
    const files = await taskLists(checkout, folders);
    const texts = await checkout.readAll(files.map((path) => ({ path })));
    const features = files.map((file, at): Feature => {
      return { name: file.split('/').at(-2) ?? '', file, lines: parseTaskList(texts[at] ?? '') };
    });
    const used = features.filter(({ lines }) => lines.length > 0);
    const prefixes = prefixesOf(used.map(({ name }) => name));
    return { tasks: used.flatMap((feature, at) => tasksOf(feature, prefixes[at] ?? '')) };
  },

  normaliseId(id) {
    const match = /^(.*-)?t?(\d+[a-z]?)$/i.exec(id);
    return match ? `${match[1] ?? ''}T${(match[2] ?? '').padStart(3, '0')}` : id;
  },

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = (await read(path)) ?? '';
    const id = OWN_ID.exec(task.id)?.[0];
    const line = parseTaskList(text).find((one) => one.id === id && !one.done)?.line;
    return line === undefined ? [] : [{ path, text: tickLine(text, line) }];
  },
});

async function taskLists(checkout: Checkout, folders: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    for (const feature of await checkout.folders(folder)) files.push(`${folder}/${feature}/tasks.md`);
  }
  return files;
}

function tasksOf({ file, lines }: Feature, prefix: string): readonly FormatTask[] {
  const needs = dependenciesOf(lines);
  return lines.map((line) => taskOf(line, file, prefix, needs.get(line.id) ?? []));
}

function taskOf(line: TaskLine, file: string, prefix: string, needs: readonly string[]): FormatTask {
  const [, ...below] = line.block.split('\n');
  const declared = claimsIn([line.text, ...below].join('\n'), { path: file, line: line.line });
  // The heading comes last, so that lines of the text and of the file go together.
  const text = `${line.block}\n${line.heading === '' ? '' : `\nPart of: ${line.heading}\n`}`;
  return {
    id: `${prefix}${line.id}`,
    title: line.text.slice(0, 120),
    specs: [{ path: file, text, firstLine: line.line, hash: sha256(text) }],
    dependsOn: needs.map((id) => `${prefix}${id}`),
    ...(declared.length === 0 ? {} : { declared }),
    ...(isVerification(line.text) ? { verification: true as const } : {}),
    ...(line.done ? { done: `${file}:${line.line} is ticked off` } : {}),
  };
}

/** Nothing for one feature; otherwise the number before each name, or the names where numbers repeat. */
function prefixesOf(names: readonly string[]): readonly string[] {
  if (names.length < 2) return [];
  const numbers = names.map((name) => /^\d+/.exec(name)?.[0]);
  const unique = new Set(numbers).size === names.length && !numbers.includes(undefined);
  return names.map((name, at) => `${unique ? numbers[at] : safe(name)}-`);
}

function safe(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'feature'
  );
}
