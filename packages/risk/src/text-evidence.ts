import type { Place, SpecFile } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { looksLikePath, readPath, spansOf } from '@pwt/separator';

/** A short name that so many files end in means none of them in particular. */
const MOST_NAMESAKES = 3;

/** What no name of a file does without that is looked for in any line: a dot with something behind it, or a slash. */
const MAY_NAME_FILE = /\.\S|[/\\]/;

/** A file that a text names, and where. */
export interface NamedFile {
  readonly path: string;
  readonly place: Place;
}

/** Every file that a spec names anywhere, in whatever connection: also in examples, references and fences. */
export function mentionsOf(spec: SpecFile, tree: FileTree): readonly NamedFile[] {
  const first = spec.firstLine ?? 1;
  return spec.text.split('\n').flatMap((line, at) => {
    if (!MAY_NAME_FILE.test(line)) return [];
    const place = { path: spec.path, line: first + at };
    return spansOf(line).flatMap((span) => filesNamed(span.text, tree).map((path) => ({ path, place })));
  });
}

const WORD = /[\p{L}\p{N}_-]+/gu;
const ASCII_WORD = /[a-z0-9_-]+/g;
const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * The first place of each of the words that are asked for, in lower case; `kebab-case` counts whole and in parts.
 *
 * @param isWanted is asked about every word of the texts
 */
export function wordPlaces(
  specs: readonly SpecFile[],
  isWanted: (word: string) => boolean,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { path, text, firstLine = 1 } of specs) {
    const lower = text.toLowerCase();
    let line = firstLine;
    let lineEnd = lower.indexOf('\n');
    // Most text is ASCII, for which the classes of Unicode are many times as slow.
    for (const { 0: whole, index } of lower.matchAll(BEYOND_ASCII.test(lower) ? WORD : ASCII_WORD)) {
      for (; lineEnd >= 0 && lineEnd < index; lineEnd = lower.indexOf('\n', lineEnd + 1)) line += 1;
      const words = whole.includes('-') ? [whole, ...whole.split('-')] : [whole];
      for (const word of words) {
        if (isWanted(word) && !places.has(word)) places.set(word, { path, line });
      }
    }
  }
  return places;
}

function filesNamed(text: string, tree: FileTree): readonly string[] {
  const reading = readPath(text);
  if (reading.kind !== 'path' || reading.isGlob || reading.isDirectory) return [];
  if (tree.has(reading.path)) return [reading.path];
  const endings = tree.endingWith(reading.path);
  if (endings.length > 0) return endings.length > MOST_NAMESAKES ? [] : endings;
  return reading.path.includes('/') && looksLikePath(reading, 'loose', tree) ? [reading.path] : [];
}
