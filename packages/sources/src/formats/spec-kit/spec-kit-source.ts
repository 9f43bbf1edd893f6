import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Diagnostic, LoadRequest, LoadResult, Task, TaskSource } from '@pwt/core';
import { dependenciesOf } from './order.js';
import { claimsIn } from './paths.js';
import { parseTaskList, type TaskLine } from './task-list.js';

export interface SpecKitSourceOptions {
  /** The top level of the checkout. Absolute. */
  readonly root: string;
  /** Folders that hold feature folders. @default ['specs', '.specify/specs'] */
  readonly folders?: readonly string[];
}

const MAX_BYTES = 4 * 1024 ** 2;

interface Feature {
  /** The folder, relative to the root. */
  readonly path: string;
  readonly tasks: readonly TaskLine[];
}

/**
 * The unfinished tasks of spec-kit's `specs/<feature>/tasks.md`. With one feature, ids are as written
 * (`T001`); with more, they carry the feature's number or name (`001-T001`).
 */
export class SpecKitSource implements TaskSource {
  readonly #root: string;
  readonly #folders: readonly string[];

  constructor(options: SpecKitSourceOptions) {
    this.#root = options.root;
    this.#folders = options.folders ?? ['specs', '.specify/specs'];
  }

  async load(request: LoadRequest): Promise<LoadResult> {
    const diagnostics: Diagnostic[] = [];
    const features = await this.#features(diagnostics);
    const prefixes = prefixesOf(features);
    const prefixOf = ({ path }: Feature): string => prefixes.get(path) ?? '';
    const all = features.flatMap((feature) => tasksOf(feature, prefixOf(feature), diagnostics));
    const known = new Set(all.map((task) => task.id));
    const finished = new Map(
      features.flatMap((feature) =>
        feature.tasks
          .filter(({ done }) => done)
          .map(({ id, line }) => [`${prefixOf(feature)}${id}`, { file: `${feature.path}/tasks.md`, line }]),
      ),
    );
    for (const id of request.ids ?? []) {
      if (known.has(id)) continue;
      const message = `There is no unfinished task ${id} in any tasks.md.`;
      const place = finished.get(id);
      const hint = place && { hint: `${id} is finished: ${place.file}:${place.line} is ticked off.` };
      diagnostics.push({ code: 'PWT_TASK_UNKNOWN', severity: 'error', taskId: id, message, ...hint });
    }
    const wanted = request.ids && new Set(request.ids);
    return { tasks: wanted ? all.filter((task) => wanted.has(task.id)) : all, diagnostics };
  }

  normaliseId(id: string): string {
    const match = /^(.*-)?t?(\d+[a-z]?)$/i.exec(id);
    return match ? `${match[1] ?? ''}T${(match[2] ?? '').padStart(3, '0')}` : id;
  }

  async #features(diagnostics: Diagnostic[]): Promise<readonly Feature[]> {
    const features: Feature[] = [];
    for (const folder of this.#folders) {
      for (const name of await foldersIn(join(this.#root, folder))) {
        const path = `${folder}/${name}`;
        const text = await this.#read(`${path}/tasks.md`, diagnostics);
        const tasks = text === undefined ? [] : parseTaskList(text);
        if (tasks.length > 0) features.push({ path, tasks });
      }
    }
    return features;
  }

  async #read(path: string, diagnostics: Diagnostic[]): Promise<string | undefined> {
    try {
      const bytes = await readFile(join(this.#root, path));
      if (bytes.length <= MAX_BYTES && !bytes.includes(0)) return bytes.toString('utf8');
      const message = `${path} is not read: it is ${bytes.length > MAX_BYTES ? 'larger than 4 MB' : 'binary'}.`;
      diagnostics.push({ code: 'PWT_SPEC_UNREADABLE', severity: 'error', message, file: path });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const message = `${path} can't be read: ${(error as Error).message}`;
      diagnostics.push({ code: 'PWT_SPEC_UNREADABLE', severity: 'error', message, file: path });
    }
    return undefined;
  }
}

function tasksOf(feature: Feature, prefix: string, diagnostics: Diagnostic[]): readonly Task[] {
  const file = `${feature.path}/tasks.md`;
  const needs = dependenciesOf(feature.tasks);
  const seen = new Map<string, number>();
  const tasks: Task[] = [];
  for (const line of feature.tasks) {
    const first = seen.get(line.id);
    if (first !== undefined) {
      const message = `${line.id} stands in lines ${first} and ${line.line}; only the first one is used.`;
      diagnostics.push({
        code: 'PWT_TASK_ID_DUPLICATE',
        severity: 'warning',
        message,
        file,
        line: line.line,
      });
      continue;
    }
    seen.set(line.id, line.line);
    if (!line.done) tasks.push(taskOf(line, file, prefix, needs.get(line.id) ?? []));
  }
  return tasks;
}

function taskOf(line: TaskLine, file: string, prefix: string, needs: readonly string[]): Task {
  const [, ...below] = line.block.split('\n');
  const declared = claimsIn([line.text, ...below].join('\n'), { file, line: line.line });
  // The heading comes last, so that lines of the text and of the file go together.
  const text = `${line.block}\n${line.heading === '' ? '' : `\nPart of: ${line.heading}\n`}`;
  return {
    id: `${prefix}${line.id}`,
    title: line.text.slice(0, 120),
    specs: [
      {
        path: file,
        text,
        firstLine: line.line,
        hash: createHash('sha256').update(text).digest('hex'),
      },
    ],
    dependsOn: needs.map((id) => `${prefix}${id}`),
    ...(declared.length === 0 ? {} : { declared }),
  };
}

/** Nothing with one feature; otherwise the number before the feature's name, or the name where numbers repeat. */
function prefixesOf(features: readonly Feature[]): ReadonlyMap<string, string> {
  if (features.length < 2) return new Map();
  const numbers = features.map(({ path }) => /^\d+/.exec(basename(path))?.[0]);
  const unique = new Set(numbers).size === features.length && !numbers.includes(undefined);
  return new Map(
    features.map(({ path }, index) => [path, `${unique ? numbers[index] : safe(basename(path))}-`]),
  );
}

function safe(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'feature'
  );
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
