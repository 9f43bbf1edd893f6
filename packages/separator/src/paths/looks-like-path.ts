import { extensionOf, isKnownExtension, isKnownName } from './file-types.js';
import type { PathReading } from './read-path.js';
import type { TrackedPaths } from './tracked-paths.js';

/**
 * How sure the surrounding text is that a path stands here.
 * `named`: a label or a file list says so. `marked`: set as code, a link or a heading. `loose`: a bare word.
 */
export type Setting = 'named' | 'marked' | 'loose';

type FoundPath = Pick<Extract<PathReading, { kind: 'path' }>, 'path' | 'isDirectory'>;

const PLAIN_NAMES = /^[\w.@*+-]+(?:\/[\w.@*+-]+){0,50}$/;

/** A kind of file rather than a file: `.md`. Files with such names are known or tracked. */
const EXTENSION = /^\.[^.]+$/;

/** What may stand in a list of files without an ending, and what looks like that but is none. */
const NAMED = /^[\w.@*+-][\w.@*+\-/()[\]{},?]*$/;
const NOT_NAMED = /^(?:[\d.]+\/[\d.]+|n\/a|and\/or)$/i;

/** True if a string that {@link readPath} accepted is a path rather than an identifier, a branch or prose. */
export function looksLikePath(
  { path, isDirectory }: FoundPath,
  setting: Setting,
  tree: TrackedPaths,
): boolean {
  if (isDirectory && PLAIN_NAMES.test(path) && (setting !== 'loose' || tree.hasDirectory(path))) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const first = path.slice(0, path.indexOf('/') < 0 ? path.length : path.indexOf('/'));
  if (/\s/.test(path))
    return tree.has(path) || (setting === 'named' && hasFileEnding(path, tree) && !isCommand(path));
  if (/[(),]/.test(path) && !tree.has(path) && !/[{]/.test(path) && !/^\(?[\w-]+\)?$/.test(first))
    return false;
  if (tree.has(path)) return setting !== 'loose' || path.includes('/') || name.includes('.');
  if (!path.includes('/')) {
    if (name.startsWith('*')) return setting !== 'loose' && hasFileEnding(name, tree);
    if (isKnownName(name)) return setting !== 'loose';
    if (setting === 'named' && tree.hasDirectory(name)) return true;
    if (EXTENSION.test(name)) return false;
    return hasFileEnding(name, tree) && !isDotted(name, setting, tree);
  }
  if (tree.hasDirectory(path)) return setting !== 'loose' || tree.hasDirectory(first);
  if (hasFileEnding(path, tree) || isKnownName(name)) return true;
  if (/\/\*{1,2}$/.test(path) && tree.hasDirectory(first)) return true;
  if (setting === 'named') return NAMED.test(path) && !NOT_NAMED.test(path);
  return setting === 'marked' && tree.hasDirectory(first);
}

function hasFileEnding(path: string, tree: TrackedPaths): boolean {
  const extension = extensionOf(path).replace(/[*?}]+$/, '');
  if (extension === '') return /\.(?:\*|\{[\w,]+\})$/.test(path);
  return (
    isKnownExtension(extension) ||
    (extension.length <= 10 && /^[a-z]/.test(extension) && tree.hasExtension(extension))
  );
}

/** True for `Class.method`, `node.js` in prose and the like: a dot, but no file. */
function isDotted(name: string, setting: Setting, tree: TrackedPaths): boolean {
  if (tree.endingWith(name).length > 0) return false;
  const extension = extensionOf(name);
  if (!isKnownExtension(extension)) return setting !== 'named';
  return /^(?:node|next|vue|react|express|three|d3|chart|nuxt|socket|discord)\.(?:js|io)$/i.test(name);
}

function isCommand(text: string): boolean {
  if (/:\s/.test(text)) return true;
  return (
    /^(?:\.\/)?[a-z][\w.-]* /.test(text) &&
    (/\s-/.test(text) || !text.slice(0, text.indexOf(' ')).includes('/'))
  );
}
