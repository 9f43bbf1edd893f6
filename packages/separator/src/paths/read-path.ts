import { LIMITS } from '@pwt/scope';

/** What a piece of text turned out to be, read as a path. */
export type PathReading =
  /** Relative, `/` as separator, no `.` or `..` parts, no `/` at the end. */
  | {
      readonly kind: 'path';
      readonly path: string;
      readonly isGlob: boolean;
      readonly isDirectory: boolean;
      /** True if a part such as `{name}` or `<name>` was left open; it is read as `*`. */
      readonly hasPlaceholder: boolean;
    }
  /** Looks like a path or a pattern, and is longer than either can be. */
  | { readonly kind: 'large'; readonly path: string }
  /** Points outside the repository. */
  | { readonly kind: 'outside'; readonly path: string; readonly why: 'absolute' | 'parent' | 'drive' }
  | { readonly kind: 'none' };

/** What most paths look like: there is nothing to take off. */
const PLAIN = /^[A-Za-z0-9][\w-]*(?:[./][\w-]+)*$/;

const none: PathReading = { kind: 'none' };
const LONGEST_PATH = LIMITS.textLength;
const PATH_LIKE = /^[\p{L}\p{N}_.@*?\\/{},[\]-]+$/u;
const URL = /^[a-z][a-z0-9+.-]*:\/\/|^(?:mailto|data|javascript):|^www\./i;
/** `C:\x`, and `\\server\share\x`. */
const DRIVE = /^(?:[A-Za-z]:[\\/]|\\\\\w)/;
const WINDOWS = /^(?:\.{1,2}\\|\\\\)?[\p{L}\p{N}_ .()@+-]+(?:\\[\p{L}\p{N}_ .()@+*-]+)+\\?$/u;
const NEVER_IN_PATHS = /[\p{Cc}<>"|=;`^%]|\$\(|&&|\)\.|\(\)|=>|(?<![^\s:])\/\//u;

/**
 * Reads a piece of text as a path: takes line numbers, anchors and `./` off, turns Windows separators and
 * placeholders (`{name}`, `<name>`) into the pattern they stand for, and notices paths that leave the root.
 * Says nothing about whether such a file exists.
 */
export function readPath(text: string): PathReading {
  if (PLAIN.test(text) && text.length <= LONGEST_PATH && !EXAMPLE.test(text) && !text.startsWith('www.')) {
    return { kind: 'path', path: text, isGlob: false, isDirectory: false, hasPlaceholder: false };
  }
  let path = unquoted(text.trim());
  if (path === '' || URL.test(path)) return none;
  if (path.length > LONGEST_PATH) {
    const isPathLike = path.includes('/') && PATH_LIKE.test(path.slice(0, LONGEST_PATH));
    return isPathLike ? { kind: 'large', path } : none;
  }
  if (DRIVE.test(path)) return { kind: 'outside', path, why: 'drive' };
  const place = withoutPosition(path);
  const positioned = withSlashes(place);
  path = withoutGaps(positioned);
  if (
    path.startsWith('~') ||
    (NEVER_IN_PATHS.test(path) && !EXTGLOB.test(path)) ||
    /^[-!@#$&+,:?]/.test(path)
  ) {
    return path.startsWith('~/') ? { kind: 'outside', path, why: 'absolute' } : none;
  }
  if (path.startsWith('/')) return path === '/' ? none : { kind: 'outside', path, why: 'absolute' };
  const isDirectory = path.endsWith('/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { kind: 'outside', path, why: 'parent' };
  const clean = parts.join('/');
  if (clean === '' || !/[\p{L}\p{N}]/u.test(clean) || EXAMPLE.test(clean)) return none;
  return {
    kind: 'path',
    path: clean,
    isGlob: /[*?{]/.test(clean) || EXTGLOB.test(clean),
    isDirectory,
    hasPlaceholder: path !== positioned,
  };
}

/** `src/@(a|b).ts`: no pattern of this dialect, which is said where it is parsed. */
const EXTGLOB = /^[\w.*/-]*\/[\w.*-]*[?*+@!]\([\w.*|-]+\)[\w.*/-]*$/;

/** `src\\a.ts` as `src/a.ts`; text in which backslashes are escapes stays as it is. */
export function withSlashes(path: string): string {
  return WINDOWS.test(path) ? path.replaceAll('\\', '/') : path;
}

/** The path of no file: what guides write for one. */
const EXAMPLE = /(?:^|\/)path\/to\//;

const QUOTES: readonly (readonly [open: string, close: string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['**', '**'],
];

/** Takes quotes, emphasis, a remark such as `(new)` and the comma of a sentence off a path that was set as code. */
function unquoted(text: string): string {
  const name = text.endsWith(')') ? text.replace(/(?<=\.\w{1,10})\s*\([^()]{0,60}\)$/, '') : text;
  const path = name.replace(/(?<=\w)[,;.]$/, '');
  const pair = QUOTES.find(([open, close]) => path.startsWith(open) && path.endsWith(close));
  if (!pair || path.length <= pair[0].length + pair[1].length) return path;
  const inner = path.slice(pair[0].length, -pair[1].length);
  return inner.startsWith('/') || inner.endsWith('/') ? path : inner;
}

/** `{name}` and `<name>` as `*`, a name `...` as any number of names. */
function withoutGaps(path: string): string {
  if (!/[<{…*]|\.\.\./.test(path)) return path;
  return path
    .replace(/<[\w .-]{1,40}>|\{(?!\w+\.\.\w)[^{},]{0,60}\}/g, '*')
    .replace(/(?<=^|\/)(?:\.{3}|…)(?=\/|$)/g, '**')
    .replace(/\*{3,}/g, '**');
}

/** Takes `:12`, `:12-20`, `:12:3`, `#L12`, `::name` and `:name()` positions off the end. */
function withoutPosition(path: string): string {
  const anchor = path.indexOf('#');
  const bare = anchor > 0 ? path.slice(0, anchor) : path;
  const symbol = bare.indexOf('::');
  const place = symbol > 0 ? bare.slice(0, symbol) : bare;
  if (!place.includes(':')) return place;
  return place
    .replace(/(?::L?\d{1,7}(?:[-–]L?\d{1,7})?(?:,\d{1,7}(?:-\d{1,7})?){0,20}){1,2}:?$/, '')
    .replace(/(?<=\.\w{1,10}):(?:[A-Za-z_$][\w$.]*(?:\(\))?)?$|:$/, '');
}
