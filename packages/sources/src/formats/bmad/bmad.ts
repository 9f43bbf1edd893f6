import { findStatus } from '@pwt/separator';
import type { Checkout } from '../../checkout.js';
import { doneFolder } from '../../finished.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { withDoneStatus } from '../../marking/done-status.js';
import { nameForId } from '../../names.js';
import { flag, folderList } from '../../options.js';
import { markdownTask } from '../../reading/markdown-task.js';
import { storyDocuments } from './documents.js';
import { defaultFolders, isStory, type StoryFile, sprintFiles, storyFiles } from './find-stories.js';
import { storyNeeds } from './needs.js';
import { type SprintEntry, sprintEntries, withSprintStatus } from './sprint-status.js';
import { normaliseStoryId, storyName } from './story-name.js';
import { isLater, type StoryState, storyState } from './story-state.js';

export interface BmadOptions {
  /** Folders that hold stories. */
  readonly folders?: readonly string[];
  /** Whether a story that names no other waits for the one before it in its epic. @default true */
  readonly inOrder?: boolean;
}

interface Story extends StoryFile {
  readonly id: string;
  readonly text: string;
}

/** Stories of the BMAD method, versions 4 and 6. `sprint-status.yaml` and the story's own status count, whichever is further. */
export const bmad: TaskFormat<BmadOptions> = defineFormat({
  name: 'bmad',
  tasks: 'the stories of BMAD',
  options: { folders: folderList(['docs/stories']), inOrder: flag(false) },

  async detect(checkout) {
    for (const file of await storyFiles(checkout, defaultFolders)) {
      const text = await checkout.read(file.path);
      if (text !== undefined && isStory(text, file) && findStatus(text)) return { path: file.path };
    }
    return undefined;
  },

  async load({ checkout, options: { folders = defaultFolders, inOrder = true }, vocabulary }) {
    const files = await storyFiles(checkout, folders);
    const texts = await checkout.readAll(files.map(({ path }) => ({ path })));
    const found = files.flatMap((file, at) => {
      const text = texts[at];
      return text !== undefined && isStory(text, file) ? [{ ...file, text }] : [];
    });
    const sprint = await readSprint(checkout, folders);
    const stories = withIds(found, sprint.entries);
    const needs = storyNeeds(stories, inOrder, vocabulary);
    const documents = await storyDocuments(checkout);
    const read = stories.map((story) => ({ story, ...markdownTask(story, vocabulary) }));
    return {
      tasks: read.map(({ story, task }): FormatTask => {
        const { id, epic } = story;
        const own = [...(epic === undefined ? [] : (documents.ofEpic.get(epic) ?? [])), ...documents.common];
        const context = {
          ...(epic === undefined ? {} : { phase: `Epic ${epic}` }),
          ...(own.length > 0 && { documents: own }),
        };
        return {
          ...{ ...task, dependsOn: needs.get(id) ?? [] },
          ...(Object.keys(context).length > 0 && { context }),
          ...stateOf(story, sprint, folders),
        };
      }),
      diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    };
  },

  normaliseId: normaliseStoryId,

  async markDone({ task, read, options: { folders = defaultFolders } }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    if (text === undefined) return [];
    const story = storyName(path.slice(path.lastIndexOf('/') + 1));
    const edits = [{ path, text: isFinished(text) ? text : withDoneStatus(text), before: text }];
    for (const file of sprintFiles(folders)) {
      const before = await read(file);
      if (before === undefined) continue;
      const entry = story && entryOf(story, sprintEntries(before));
      if (entry && storyState(entry.status) !== 'done')
        edits.push({ path: file, text: withSprintStatus(before, entry.line, 'done'), before });
      break;
    }
    return edits.filter(({ text, before }) => text !== before).map(({ path, text }) => ({ path, text }));
  },
});

interface Sprint {
  readonly path: string;
  readonly entries: readonly SprintEntry[];
}

async function readSprint(checkout: Checkout, folders: readonly string[]): Promise<Sprint> {
  for (const path of sprintFiles(folders)) {
    const text = await checkout.read(path);
    if (text !== undefined) return { path, entries: sprintEntries(text) };
  }
  return { path: '', entries: [] };
}

/** The line of a story: the one with its whole name, or else the only one with its number. */
function entryOf(
  { key, number }: Pick<StoryFile, 'key' | 'number'>,
  entries: readonly SprintEntry[],
): SprintEntry | undefined {
  const exact = entries.find((entry) => entry.key === key);
  if (exact || number === undefined) return exact;
  const same = entries.filter((entry) => storyName(`${entry.key}.md`)?.number === number);
  return same.length === 1 ? same[0] : undefined;
}

/** A story's number is its id. Where several files have one number, the one that the sprint names has it, and others go by name. */
function withIds(
  files: readonly (StoryFile & { text: string })[],
  entries: readonly SprintEntry[],
): readonly Story[] {
  const keys = new Set(entries.map(({ key }) => key));
  const byNumber = new Map<string, StoryFile[]>();
  for (const file of files)
    if (file.number !== undefined) byNumber.set(file.number, [...(byNumber.get(file.number) ?? []), file]);
  return files.map((file) => {
    const same = byNumber.get(file.number ?? '') ?? [];
    const named = same.filter(({ key }) => keys.has(key));
    const hasNumber = same.length === 1 || (named.length === 1 && named[0] === file);
    return { ...file, id: (hasNumber ? file.number : undefined) ?? nameForId(file.key, 'story') };
  });
}

function isFinished(text: string): boolean {
  const status = findStatus(text);
  return status !== undefined && storyState(status.text) === 'done';
}

function stateOf(
  story: Story,
  { path, entries }: Sprint,
  folders: readonly string[],
): { readonly done?: string; readonly deferred?: string } {
  const folder = doneFolder(story.path, folders.find((one) => story.path.startsWith(`${one}/`)) ?? '');
  if (folder !== undefined) return { done: `${story.path} is in ${folder}` };
  const status = findStatus(story.text);
  const entry = entryOf(story, entries);
  const said: (readonly [StoryState, string])[] = [];
  if (status) said.push([storyState(status.text), `${story.path}:${status.line} says "${status.text}"`]);
  if (entry) said.push([storyState(entry.status), `${path}:${entry.line} says "${entry.status}"`]);
  const [first, second] = said;
  const [state, evidence] = (second && first && isLater(second[0], first[0]) ? second : first) ?? [
    'ready',
    '',
  ];
  return state === 'ready' ? {} : { [state === 'done' ? 'done' : 'deferred']: evidence };
}
