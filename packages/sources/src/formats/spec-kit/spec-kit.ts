import type { TaskContext } from '@pwt/core';
import { existing } from '../../checklist/feature-lists.js';
import { type Checkout, isFile } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { tickLine } from '../../marking/tick-line.js';
import { folderList } from '../../options.js';
import { sha256 } from '../../sha256.js';
import { isVerification } from '../../verification.js';
import { CONTRACTS, DOCUMENTS, type FeatureFiles, LIST } from './feature-files.js';
import { dependenciesOf } from './order.js';
import { claimsIn } from './paths.js';
import { parseTaskList, type TaskLine } from './task-list.js';

export interface SpecKitOptions {
  /** Folders that hold feature folders. @default ['specs', '.specify/specs'] */
  readonly folders?: readonly string[];
}

/** A feature with tasks. */
interface Feature extends FeatureFiles {
  readonly name: string;
  readonly documents: readonly string[];
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
    const used: Feature[] = [];
    for (const [at, file] of files.entries()) {
      const lines = parseTaskList(texts[at] ?? '');
      if (lines.length > 0) used.push({ ...(await featureAt(checkout, file)), file, lines });
    }
    const prefixes = prefixesOf(used.map(({ name }) => name));
    return { tasks: used.flatMap((feature, at) => tasksOf(feature, prefixes[at] ?? '')) };
  },

  normaliseId(id) {
    const [, feature, separator = '', number = ''] = /^(?:(.+)([-/]))?t?(\d+[a-z]?)[.:]?$/i.exec(id) ?? [];
    if (number === '') return id;
    // As a path: ids have the number of the feature's folder, or its name if it has none.
    const folder = feature?.split('/').at(-1) ?? '';
    const prefix =
      separator === '/' ? `${/^\d+/.exec(folder)?.[0] ?? folder}-` : `${feature ?? ''}${separator}`;
    return `${prefix}T${number.padStart(3, '0')}`;
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
    for (const feature of await checkout.folders(folder)) files.push(`${folder}/${feature}/${LIST}`);
  }
  return files;
}

const CONSTITUTION = '.specify/memory/constitution.md';

async function featureAt(checkout: Checkout, file: string): Promise<Omit<Feature, 'file' | 'lines'>> {
  const folder = file.slice(0, -`/${LIST}`.length);
  const entries = await checkout.entries(folder);
  const contracts = (await checkout.entries(`${folder}/${CONTRACTS}`)).filter(isFile);
  const documents = await existing(checkout, [
    ...DOCUMENTS.map((name) => `${folder}/${name}`),
    ...contracts.map(({ name }) => `${folder}/${CONTRACTS}/${name}`),
    file,
    CONSTITUTION,
  ]);
  return {
    ...{ name: folder.split('/').at(-1) ?? '', folder, documents },
    entries: new Set(entries.map(({ name }) => name)),
    rootEntries: new Set((await checkout.entries('')).map(({ name }) => name)),
  };
}

function tasksOf(feature: Feature, prefix: string): readonly FormatTask[] {
  const needs = dependenciesOf(feature.lines);
  return feature.lines.map((line) => taskOf(line, feature, prefix, needs.get(line.id) ?? []));
}

function taskOf(line: TaskLine, feature: Feature, prefix: string, needs: readonly string[]): FormatTask {
  const { file, folder, documents } = feature;
  const [, ...below] = line.block.split('\n');
  const declared = claimsIn([line.text, ...below].join('\n'), { path: file, line: line.line }, feature);
  const { phaseTitle: phase } = line;
  const context: TaskContext = { folder, documents, ...(phase === '' ? {} : { phase }) };
  // The heading comes last, so that lines of the text and of the file go together.
  const text = `${line.block}\n${line.heading === '' ? '' : `\nPart of: ${line.heading}\n`}`;
  return {
    id: `${prefix}${line.id}`,
    title: line.text.slice(0, 120),
    specs: [{ path: file, text, firstLine: line.line, hash: sha256(text) }],
    dependsOn: needs.map((id) => `${prefix}${id}`),
    context,
    ...(declared.length === 0 ? {} : { declared }),
    ...(isVerification(line.text) ? { verification: true as const } : {}),
    ...(line.done ? { done: `${file}:${line.line} is ticked off` } : {}),
  };
}

/** Nothing for one feature; otherwise the number before each name, or the name where several have that number. */
function prefixesOf(names: readonly string[]): readonly string[] {
  if (names.length < 2) return [];
  const numbers = names.map((name) => /^\d+/.exec(name)?.[0]);
  return numbers.map((number, at) => {
    const isOwn = number !== undefined && numbers.filter((other) => other === number).length === 1;
    return `${isOwn ? number : safe(names[at] ?? '')}-`;
  });
}

function safe(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'feature'
  );
}
