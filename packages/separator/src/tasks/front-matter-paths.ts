import type { ClaimMode } from '@pwt/core';

/** Keys under which other tools list the files of a task, by what the task does to them; with `_` for `-`. */
const keys: readonly (readonly [mode: ClaimMode, keys: RegExp])[] = [
  ['create', /^(?:new_files|(?:files_)?(?:to_)?created?|files_(?:added|to_add)|(?:created|added)_files)$/],
  ['delete', /^(?:(?:files_)?(?:to_)?deleted?|files_(?:removed|to_remove)|(?:deleted|removed)_files)$/],
  ['read', /^(?:files_(?:to_)?read|read_(?:only|first|files)|(?:context|reference|input)_files)$/],
  [
    'write',
    /^(?:(?:files|paths)_(?:modified|touched|changed|affected|involved|edited|updated|to_(?:modify|change|edit|update|touch))|(?:modified|touched|changed|affected|impacted|edited|updated|target|output|related_source)_(?:files|paths)|modifie[ds]|touches|paths?|file|targets|outputs|file_scope|file_paths)$/,
  ],
];

/** What a task does to the paths under a key; `undefined` for any other key. */
export function modeOfKey(key: string): ClaimMode | undefined {
  const name = key.toLowerCase().replaceAll('-', '_');
  return keys.find(([, known]) => known.test(name))?.[0];
}

const NOTE = /\s+\(([^()]{1,60})\)\s*$|\s+(?:#|—|–|-)\s.*$/;
const PATH = /^(?![a-z][\w+.-]*:\/\/)[^\s:*?"<>|]*(?:\/[^\s:"<>|]*|\.[A-Za-z]\w{0,9})(?::\d+(?:-\d+)?)?$/i;

/** A path with what a remark behind it says of it: `src/a.ts (new file)`. `undefined` if the text is no path. */
export function notedPath(text: string): { readonly path: string; readonly mode?: ClaimMode } | undefined {
  const path = text.trim().replace(NOTE, '');
  if (!PATH.test(path)) return undefined;
  const note = NOTE.exec(text.trim())?.[1] ?? '';
  if (/\b(?:new|create[ds]?|add(?:ed)?)\b/i.test(note)) return { path, mode: 'create' };
  if (/\b(?:deleted?|removed?)\b/i.test(note)) return { path, mode: 'delete' };
  if (/\b(?:read|reference)\b/i.test(note)) return { path, mode: 'read' };
  return { path };
}

/** Keys whose paths have nothing to do with what a task changes. */
const APART =
  /^(?:related|references?|links?|docs?|documentation|documents|see_also|sources?|tags|images?|cover|specs?|design|depends_?on|dependencies|blocked_by|blocks|aliases|url|prd|plan|epic|parent)$/;
const PLAIN_WORD = /^[\w-]+\/[\w-]+$/;

/** True if everything under a key is a path, so that a person may think that it is claimed. */
export function listsPaths(key: string, values: readonly string[]): boolean {
  if (values.length === 0 || APART.test(key.toLowerCase().replaceAll('-', '_'))) return false;
  return values.every((value) => value.includes('/') && !PLAIN_WORD.test(value) && notedPath(value));
}
