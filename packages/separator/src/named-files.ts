import { lineInFile, type Place, type SpecFile } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { LineSpans } from './markdown/spans.js';
import { looksLikePath } from './paths/looks-like-path.js';
import { readPath } from './paths/read-path.js';

/** A short name that more files than this end in is no evidence for any of them. */
const MOST_NAMESAKES = 3;

/** What every file name has that is looked for in any line: a dot with something behind it, or a slash. */
const MAY_NAME_FILE = /\.\S|[/\\]/;

/** A file that a text names, and where. */
export interface NamedFile {
  readonly path: string;
  readonly place: Place;
}

/**
 * Every file that a spec names anywhere, also in examples, references and code fences. That is evidence for what a task may
 * change, and no claim. Files of the tree, and new ones that are clearly paths.
 */
export function namedFiles(spec: SpecFile, tree: FileTree): readonly NamedFile[] {
  return spec.text.split('\n').flatMap((line, at) => {
    if (!MAY_NAME_FILE.test(line)) return [];
    const place = { path: spec.path, line: lineInFile(spec, at + 1) };
    return new LineSpans(line).all.flatMap((span) =>
      filesOf(span.text, tree).map((path) => ({ path, place })),
    );
  });
}

function filesOf(text: string, tree: FileTree): readonly string[] {
  const reading = readPath(text);
  if (reading.kind !== 'path' || reading.isGlob || reading.isDirectory) return [];
  if (tree.has(reading.path)) return [reading.path];
  const endings = tree.endingWith(reading.path);
  if (endings.length > 0) return endings.length > MOST_NAMESAKES ? [] : endings;
  return reading.path.includes('/') && looksLikePath(reading, 'loose', tree) ? [reading.path] : [];
}
