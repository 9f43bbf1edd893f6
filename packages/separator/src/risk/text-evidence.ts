import type { Place, SpecFile } from '@pwt/core';
import { spansOf } from '../markdown/spans.js';
import { looksLikePath } from '../paths/looks-like-path.js';
import { readPath } from '../paths/read-path.js';
import type { TreeIndex } from '../paths/tree-index.js';

/** A short name that so many files end in means none of them in particular. */
const MOST_NAMESAKES = 3;

/** A file that a text names, and where. */
export interface NamedFile {
  readonly path: string;
  readonly place: Place;
}

/** Every file that a spec names anywhere, in whatever connection: also in examples, references and fences. */
export function mentionsOf(spec: SpecFile, tree: TreeIndex): readonly NamedFile[] {
  return linesOf(spec).flatMap(({ text, place }) =>
    text.includes('.')
      ? spansOf(text).flatMap((span) => filesNamed(span.text, tree).map((path) => ({ path, place })))
      : [],
  );
}

/** The first place of every word of the texts, in lower case; `kebab-case` counts whole and in parts. */
export function wordPlaces(specs: readonly SpecFile[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const note = (word: string, place: Place) => {
    if (!places.has(word)) places.set(word, place);
  };
  for (const { text, place } of specs.flatMap(linesOf)) {
    for (const match of text.toLowerCase().matchAll(/[\p{L}\p{N}_-]+/gu)) {
      const [word] = match;
      note(word, place);
      if (word.includes('-')) for (const part of word.split('-')) note(part, place);
    }
  }
  return places;
}

function linesOf(spec: SpecFile): readonly { readonly text: string; readonly place: Place }[] {
  const first = spec.firstLine ?? 1;
  return spec.text
    .split('\n')
    .map((text, at) => ({ text, place: { file: spec.path, line: first + at } }))
    .filter(({ text }) => text.trim() !== '');
}

function filesNamed(text: string, tree: TreeIndex): readonly string[] {
  const reading = readPath(text);
  if (reading.kind !== 'path' || reading.isGlob || reading.isDirectory) return [];
  if (tree.hasFile(reading.path)) return [reading.path];
  const endings = tree.endingIn(reading.path);
  if (endings.length > 0) return endings.length > MOST_NAMESAKES ? [] : endings;
  return reading.path.includes('/') && looksLikePath(reading, 'loose', tree) ? [reading.path] : [];
}
