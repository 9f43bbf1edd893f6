import type { SpecFile } from '@pwt/core';
import {
  findStatus,
  fingerprintOf,
  noCache,
  type ResultCache,
  type TaskStatus,
  type Vocabulary,
} from '@pwt/separator';

const DONE_FOLDER = /^(?:_?archived?|done|completed?|finished|closed|implemented|shipped)$/i;
const MAIN = /^(?:readme|index|spec|overview)\.(?:md|markdown)$/i;

/**
 * What shows that a task in files of its own is finished: a folder such as `done/` or `archive/`, or the status in its main
 * file, if no other file of the task says otherwise. `undefined` if nothing does.
 *
 * @param searched the folder in which its files were looked for; that one's own name says nothing
 * @param cache keeps what files with a `hash` say
 */
export function finishedBy(
  specs: readonly SpecFile[],
  vocabulary: Vocabulary,
  searched = '',
  cache: ResultCache = noCache,
): string | undefined {
  const main = mainFile(specs);
  if (!main) return undefined;
  const folder = doneFolder(main.path, searched);
  if (folder !== undefined) return `${main.path} is in ${folder}`;
  const statusOf = ({ text, hash }: SpecFile): TaskStatus | null =>
    (hash === '' ? noCache : cache).recall(
      'status',
      () => [fingerprintOf(vocabulary), hash],
      () => findStatus(text, vocabulary) ?? null,
    );
  const status = statusOf(main);
  if (!status?.done) return undefined;
  const isOpen = specs.some((file) => file !== main && statusOf(file)?.done === false);
  return isOpen ? undefined : `${main.path}:${status.line} says "${status.text}"`;
}

/** The file whose status is that of the whole task: the one that introduces the others, or else the first. */
export function mainFile<T extends { readonly path: string }>(files: readonly T[]): T | undefined {
  return files.find(({ path }) => MAIN.test(path.slice(path.lastIndexOf('/') + 1))) ?? files[0];
}

/** `specs/done` of `specs/done/SPEC-1-a.md`. */
export function doneFolder(path: string, searched: string): string | undefined {
  const names = path.split('/').slice(0, -1);
  const within = searched === '' ? 0 : searched.split('/').length;
  const at = names.findIndex((name, depth) => depth >= within && DONE_FOLDER.test(name));
  return at < 0 ? undefined : names.slice(0, at + 1).join('/');
}
