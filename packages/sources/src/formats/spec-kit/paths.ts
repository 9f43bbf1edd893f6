import type { Claim } from '@pwt/core';
import { type FeatureFiles, featurePath, isReference } from './feature-files.js';

const TOKEN =
  /`([^`\s]{1,400})`|(?<![^\s([{"'])((?:[\w@.-]+\/)+[\w@.-]*|[\w@.-]+\.[A-Za-z][\w]{0,9})(?![\w/])/g;
/** Endings of files that are named without a folder; others, such as `Node.js`, are too often plain words. */
const PLAIN_NAME =
  /^[\w@.-]*\.(?:json|ya?ml|toml|lock|md|txt|ini|cfg|env|sql|sh|gradle|xml|mod|sum)$|^\.[\w.-]+$/;
/** `@/lib/api.ts`, `~/app.vue`, `#/types.ts`, `@scope/name`: what a bundler or a registry makes of it, and no path. */
const ALIAS = /^[@~#]/;
const CREATES = /^(?:create|add|write|generate|scaffold|initiali[sz]e|set ?up)\b/i;
/** Between two paths of a list: "package.json and web/package.json" are two files. */
const JOINED = /^[\s`"']*(?:,|&|\+|\band\b|\bor\b)[\s`"']*(?:and\s+)?(?:in\s+)?[\s`"']*$/i;

/** How many paths of a task are held against each other. */
const MOST = 500;

/** A path in a line. */
interface Named {
  readonly path: string;
  /** Which line, from 0, and where in it. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** The words before it. */
  readonly before: string;
}

/**
 * The paths that a task names: declared in its own line, since spec-kit asks for exact paths there, and inferred in the lines
 * below it. The documents of its feature are found in the feature's folder; those that it only refers to are read. Nothing, if
 * it names nothing else: what it is to change then has to be found out otherwise.
 *
 * @param text the task's own line without its marks, and what is indented below it
 */
export function claimsIn(
  text: string,
  place: { readonly path: string; readonly line: number },
  feature: FeatureFiles,
): readonly Claim[] {
  const mode = CREATES.test(text.trim()) ? 'create' : 'write';
  const lines = text.split('\n');
  const named = lines.flatMap(namedIn);
  const others = named.slice(0, MOST);
  const claims = new Map<string, Claim>();
  for (const one of named) {
    const own = featurePath(one.path, feature);
    if (own === undefined && isRepeated(one, others, lines)) continue;
    const isDocument = own !== undefined || one.path.startsWith(`${feature.folder}/`);
    const isRead = isDocument && isReference(one.before);
    const pattern = own ?? one.path;
    const known = claims.get(pattern);
    if (known && (known.mode !== 'read' || isRead)) continue;
    claims.set(pattern, {
      pattern,
      mode: isRead ? 'read' : mode,
      class: 'exclusive',
      confidence: one.line === 0 ? 'declared' : 'inferred',
      rule: 'spec-kit-path',
      place: { ...place, line: place.line + one.line },
    });
  }
  const found = [...claims.values()];
  return found.some((claim) => claim.mode !== 'read') ? found : [];
}

function namedIn(text: string, line: number): readonly Named[] {
  return [...text.matchAll(TOKEN)].flatMap((match) => {
    const path = clean(match[1] ?? match[2] ?? '');
    const { index: start } = match;
    if (path === undefined) return [];
    return [
      {
        path,
        line,
        start,
        end: start + match[0].length,
        before: text.slice(Math.max(0, start - 100), start),
      },
    ];
  });
}

/**
 * True for a name that stands again with its folder: "Create pyproject.toml in backend/pyproject.toml" is one file, and
 * "package.json and web/package.json" are two. The same for a name with its folder beside it: "package.json in web/".
 */
function isRepeated(one: Named, named: readonly Named[], lines: readonly string[]): boolean {
  if (one.path.endsWith('/')) return false;
  return named.some((other) => {
    if (other.path.endsWith('/')) {
      if (one.path.includes('/') || other.line !== one.line) return false;
      return (
        /\b(?:in|under|inside|into|to|at|within)\s+(?:the\s+)?[`"']?$/i.test(other.before) &&
        other.start > one.start
      );
    }
    if (!other.path.endsWith(`/${one.path}`)) return false;
    if (other.line !== one.line) return !one.path.includes('/');
    const [first, last] = one.start < other.start ? [one, other] : [other, one];
    return !JOINED.test((lines[one.line] ?? '').slice(first.end, last.start));
  });
}

/** A path inside the repository; `undefined` for words, versions, URLs, placeholders, aliases and ways out. */
function clean(token: string): string | undefined {
  const path = token.replace(/^\.\//, '').replace(/[.,;:]+$/, '');
  const segments = path.split('/');
  if (path === '' || path.startsWith('/') || segments.includes('..') || segments.includes('.'))
    return undefined;
  if (/[:<>[\]{}()$|\\]/.test(path) || /^\d+(?:\.\d+)*$/.test(path) || ALIAS.test(path)) return undefined;
  if (!path.includes('/')) return PLAIN_NAME.test(path) ? path : undefined;
  const last = segments.at(-1) ?? '';
  return last === '' || last.includes('.') ? path : undefined;
}
