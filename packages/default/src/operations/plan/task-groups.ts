import { matches, tryParsePattern } from '@pwt/scope';
import type { Selectable } from './select-ids.js';

/** One way in which a word can stand for tasks; the first that fits a task counts. */
type Meaning = (word: string, task: Selectable) => boolean;

const meanings: readonly Meaning[] = [isPattern, isPlace, isPhase, isFirstPart];

/**
 * The tasks that have in common what a user typed, in their own order:
 *
 * - a pattern of ids: `007-*`, `T03?`, `T0{39,40}`
 * - a folder or file that they are specified in, or the name of that folder: `specs/001-photos`, `001-photos`
 * - a phase, epic, section or tag: `"Phase 3: Search"`, `"phase 3"`
 * - the first part of ids, or of the name of a folder: `007`, for `007-T001` and `specs/007-search`
 */
export function groupOf(word: string, tasks: readonly Selectable[]): readonly string[] {
  for (const fits of meanings) {
    const found = tasks.filter((task) => fits(word, task));
    if (found.length > 0) return found.map(({ id }) => id);
  }
  return [];
}

function isPattern(word: string, { id }: Selectable): boolean {
  if (!/[*?[{]/.test(word)) return false;
  const parsed = tryParsePattern(word.toLowerCase());
  return parsed.ok && matches(parsed.pattern, id.toLowerCase());
}

function isPlace(word: string, { specs = [], context }: Selectable): boolean {
  const place = word.replace(/^\.\//, '').replace(/\/+$/, '');
  if (place === '') return false;
  const isIn = (path: string) => path === place || path.startsWith(`${place}/`);
  return (
    specs.some(({ path }) => isIn(path)) ||
    (context?.folder !== undefined && (isIn(context.folder) || nameOf(context.folder) === place))
  );
}

function isPhase(word: string, { context }: Selectable): boolean {
  return beginsWith(context?.phase, word, /^[^\p{L}\p{N}.]/u);
}

function isFirstPart(word: string, { id, context }: Selectable): boolean {
  return [id, context?.folder && nameOf(context.folder)].some((text) => beginsWith(text, word, /^[-._/]/));
}

/** Whether a text is the word, or begins with it and goes on with something that is no part of the same word. */
function beginsWith(text: string | undefined, word: string, next: RegExp): boolean {
  if (text === undefined || !text.toLowerCase().startsWith(word.toLowerCase())) return false;
  const rest = text.slice(word.length);
  return rest === '' || next.test(rest);
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}
