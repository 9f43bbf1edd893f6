import { type Diagnostic, isTaskId } from '@pwt/core';
import {
  type FeatureFolder,
  featureTasks,
  type ListOptions,
  markPart,
} from '../../checklist/feature-lists.js';
import type { Checklist } from '../../checklist/parse-checklist.js';
import { type Part, rootParts, sectionParts } from '../../checklist/parts.js';
import { markWholeList, wholeListTask } from '../../checklist/whole-list.js';
import type { Checkout } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { flag, folderList, oneOf } from '../../options.js';
import { type ArchivedChange, type Change, findChanges } from './changes.js';
import { namedChanges } from './named-changes.js';

export interface OpenSpecOptions extends ListOptions {
  /** Folders that hold `changes`. @default ['openspec'] */
  readonly folders?: readonly string[];
  /** What a task is: a change with all of its list, a numbered section of the list, or a line of it. @default 'change' */
  readonly unit?: 'change' | 'section' | 'line';
}

const defaultFolders: readonly string[] = ['openspec'];

/**
 * The changes of OpenSpec, `openspec/changes/<change>/`. A change is one task, as OpenSpec applies it: the lines of its
 * `tasks.md` are small and build on each other. The option `unit` cuts it up. Changes in the archive are finished.
 */
export const openSpec: TaskFormat<OpenSpecOptions> = defineFormat({
  name: 'openspec',
  tasks: 'the changes of OpenSpec',
  options: {
    folders: folderList(['openspec']),
    unit: oneOf(['change', 'section', 'line']),
    inOrder: flag(false),
  },

  async detect(checkout) {
    const { changes } = await findChanges(checkout, defaultFolders);
    const path = changes.map(({ list, proposal }) => list ?? proposal).find((file) => file !== undefined);
    return path === undefined ? undefined : { path };
  },

  async load({ checkout, options }) {
    const { changes, archived } = await findChanges(checkout, options.folders ?? defaultFolders);
    const planned = changes.filter(({ list }) => list !== undefined);
    const proposals = await checkout.readAll(planned.map(({ proposal = '' }) => ({ path: proposal })));
    const needs = namedChanges(planned, proposals);
    const { unit = 'change' } = options;
    const tasks =
      unit === 'change'
        ? await wholeChanges(checkout, planned, proposals, needs)
        : await partsOfChanges(checkout, planned, needs, options);
    return {
      tasks: [...tasks, ...archivedTasks(archived, changes)],
      diagnostics: changes.filter(({ list }) => list === undefined).map(unplanned),
    };
  },

  normaliseId: (id) => id.replace(/^(?:\.\/)?openspec\/changes\//, '').replace(/\/(?:tasks\.md)?$/, ''),

  markDone({ options: { unit = 'change' }, ...request }) {
    const { task, read } = request;
    return unit === 'change' ? markWholeList(task.specs[0]?.path ?? '', read) : markPart(request, cuts[unit]);
  },
});

type Needs = ReadonlyMap<string, readonly string[]>;

const cuts: Readonly<Record<'section' | 'line', (list: Checklist) => readonly Part[]>> = {
  section: sectionParts,
  line: rootParts,
};

async function wholeChanges(
  checkout: Checkout,
  changes: readonly Change[],
  proposals: readonly (string | undefined)[],
  needs: Needs,
): Promise<readonly FormatTask[]> {
  const lists = await checkout.readAll(changes.map(({ list = '' }) => ({ path: list })));
  return changes.flatMap((change, at) => {
    const list = lists[at];
    if (list === undefined) return [];
    const { name: id, folder, documents, list: path = '', proposal: proposalPath = '' } = change;
    const proposal = proposals[at];
    return [
      wholeListTask({
        ...{ id, path, text: list, context: { folder, documents }, dependsOn: needs.get(id) ?? [] },
        title: headingOf(proposal) ?? id.replaceAll('-', ' '),
        with: proposal === undefined ? undefined : { path: proposalPath, text: proposal },
      }),
    ];
  });
}

/** The words of the proposal's title: newer proposals have none. */
function headingOf(proposal = ''): string | undefined {
  return /^# +(?:(?:change proposal|change|proposal) *[:–—-] *)?(\S.*?) *\r?$/im.exec(proposal)?.[1];
}

/** The parts of the lists; what waits for nothing else in its list waits for the changes that its own one depends on. */
async function partsOfChanges(
  checkout: Checkout,
  changes: readonly Change[],
  needs: Needs,
  options: OpenSpecOptions,
): Promise<readonly FormatTask[]> {
  const byFolder = new Map(changes.map((change) => [change.folder, change]));
  const features = changes.map(({ folder, name, list: path = '' }) => ({ folder, name, path }));
  const context = async ({ folder }: FeatureFolder) => {
    const { proposal, documents = [] } = byFolder.get(folder) ?? {};
    return { folder, documents: proposal === undefined ? documents : [proposal, ...documents] };
  };
  const parts = options.unit === 'line' ? cuts.line : cuts.section;
  const found = await featureTasks(checkout, features, { parts, context }, options);
  const idsOf = (name: string) =>
    found.filter(({ feature, task }) => feature.name === name && !task.done).map(({ task }) => task.id);
  return found.map(({ feature, task }) => {
    const first = task.dependsOn.length === 0 ? (needs.get(feature.name) ?? []) : [];
    return { ...task, dependsOn: [...task.dependsOn, ...first.flatMap(idsOf)] };
  });
}

/** Archived changes, so that whoever asks for one is told where it is. A newer change of the same name takes it up again. */
function archivedTasks(
  archived: readonly ArchivedChange[],
  changes: readonly Change[],
): readonly FormatTask[] {
  const taken = new Set(changes.map(({ name }) => name));
  return archived.flatMap(({ name, folder }) => {
    if (!isTaskId(name) || taken.has(name)) return [];
    taken.add(name);
    return [{ id: name, title: name, specs: [], dependsOn: [], done: `${folder} is archived` }];
  });
}

function unplanned({ name, proposal = '' }: Change): Diagnostic {
  return {
    code: 'PWT_TASK_UNPLANNED',
    severity: 'info',
    message: `The change "${name}" is left out: it has a proposal, but no tasks.md yet.`,
    hint: 'Have it planned by OpenSpec first.',
    path: proposal,
  };
}
