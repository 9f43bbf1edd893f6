import type { Vocabulary } from '@pwt/separator';
import { finishedBy } from '../../finished.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { withDoneStatus } from '../../marking/done-status.js';
import { distinct, nameForId } from '../../names.js';
import { globList } from '../../options.js';
import { dependencyTexts } from '../../reading/dependency-texts.js';
import { textOf, textsOf } from '../../reading/fields.js';
import { findMarkdown } from '../../reading/find-markdown.js';
import { readFrontMatter } from '../../reading/front-matter.js';
import { markdownTask } from '../../reading/markdown-task.js';
import { statusFields } from '../../reading/status.js';
import { isTaskFile, taskFolders } from './find-tasks.js';

export interface MarkdownFilesOptions {
  /** The files, as globs. @default folders with a telling name, see docs/formats.md */
  readonly files?: readonly string[];
}

interface File {
  readonly id: string;
  readonly path: string;
  readonly text: string;
  readonly searched: string;
}

/** Markdown files, a task in each: `docs/todo/007-login.md` is `007-login`. */
export const markdownFiles: TaskFormat<MarkdownFilesOptions> = defineFormat({
  name: 'markdown-files',
  tasks: 'Markdown files, a task in each',
  options: { files: globList(['docs/todo/*.md']) },

  async detect(checkout) {
    const [first] = await taskFolders(checkout);
    if (first === undefined) return undefined;
    const path = (await findMarkdown([first], checkout)).files.find((file) => isTaskFile(file.path))?.path;
    return path === undefined ? undefined : { path };
  },

  async load({ checkout, options, vocabulary }) {
    const globs = options.files ?? (await taskFolders(checkout));
    const found = await findMarkdown(globs, checkout);
    // A file that is named outright is meant, whatever it is called.
    const wanted = found.files.filter(({ path }) => globs.includes(path) || isTaskFile(path));
    const texts = await checkout.readAll(wanted);
    const read = wanted.flatMap((file, at) => {
      const text = texts[at];
      return text === undefined ? [] : [{ ...file, text }];
    });
    const names = distinct(read.map(({ path }) => idOf(path)));
    const files = read.map((file, at): File => ({ ...file, id: names[at] ?? '' }));
    const idBy = aliases(files);
    const tasks = files.map((file) => ({ ...markdownTask(file, vocabulary), file }));
    return {
      tasks: tasks.map(({ task, file }): FormatTask => {
        const done = finishedBy([{ ...file, hash: '' }], vocabulary, file.searched) ?? namedDone(file.path);
        return {
          ...{ ...task, dependsOn: needsOf(file, idBy, vocabulary) },
          ...(done === undefined ? heldBack(file) : { done }),
        };
      }),
      diagnostics: [...found.diagnostics, ...tasks.flatMap(({ diagnostics }) => diagnostics)],
      notes: new Map(
        [...idBy]
          .filter(([name, id]) => name !== id)
          .map(([name, id]) => [name, `${name} is a part of the name of task ${id}.`]),
      ),
    };
  },

  normaliseId: (id) => id.replace(/\.(?:md|markdown)$/i, ''),

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    const marked = text === undefined ? undefined : withDoneStatus(text);
    return marked === undefined || marked === text ? [] : [{ path, text: marked }];
  },
});

/** `007-login` of `docs/todo/007-login.md`. */
function idOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:md|markdown)$/i, '');
  return nameForId(name, 'task');
}

/** `003-complete-p3-cleanup.md`: some tools keep the status in the name. */
function namedDone(path: string): string | undefined {
  return /(?:^|\/)\d+-(?:complete|completed|done)-[^/]*$/i.test(path)
    ? `the name of ${path} says so`
    : undefined;
}

function heldBack({ path, text }: File): { readonly deferred?: string } {
  const status = textOf(readFrontMatter(text)?.status);
  const { deferred } = status === undefined ? {} : statusFields(status, path);
  return deferred === undefined ? {} : { deferred };
}

/** How a task may be named, by what is unique: its id, its file, its number, and the id that its front matter gives it. */
function aliases(files: readonly File[]): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  const add = (name: string | undefined, id: string) => {
    if (name === undefined || name === '') return;
    found.set(name, found.has(name) && found.get(name) !== id ? undefined : id);
  };
  for (const { id, text } of files) {
    const number = /^(?:[A-Za-z]{1,10}[-_])?\d+/.exec(id)?.[0];
    for (const name of new Set([number, number?.replace(/^0+(?=\d)/, ''), textOf(readFrontMatter(text)?.id)]))
      add(name, id);
  }
  for (const { id } of files) found.set(id, id);
  return new Map([...found].flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])));
}

const KEYS = [
  'depends_on',
  'depends-on',
  'dependsOn',
  'dependencies',
  'blocked_by',
  'blocked-by',
  'blockedBy',
];

function needsOf(
  { id, text }: File,
  idBy: ReadonlyMap<string, string>,
  vocabulary: Vocabulary,
): readonly string[] {
  const fields = readFrontMatter(text) ?? {};
  const stated = KEYS.flatMap((key) => textsOf(fields[key]));
  const named = stated.length > 0 ? stated.flatMap((one) => one.split(',')) : inText(text, vocabulary);
  const ids = named.flatMap((name) => {
    const plain = name
      .trim()
      .replace(/^.*\//, '')
      .replace(/\.(?:md|markdown)$/i, '')
      .replace(/^#/, '');
    return idBy.get(plain) ?? idBy.get(plain.replace(/^0+(?=\d)/, '')) ?? [];
  });
  return [...new Set(ids)].filter((need) => need !== id);
}

/** The names in "Depends on: login, 007". */
function inText(text: string, vocabulary: Vocabulary): readonly string[] {
  return dependencyTexts(text, vocabulary).flatMap((line) =>
    line
      .split(/[\s,;()[\]`*]+/)
      .map((word) => word.replace(/^(?:task|issue|ticket)s?[-_#]?(?=\d)|[.:]+$/gi, '')),
  );
}
