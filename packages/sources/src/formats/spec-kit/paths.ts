import type { Claim } from '@pwt/core';

const TOKEN =
  /`([^`\s]{1,400})`|(?<![^\s([{"'])((?:[\w@.-]+\/)+[\w@.-]*|[\w@.-]+\.[A-Za-z][\w]{0,9})(?![\w/])/g;
/** Endings of files that are named without a folder; others, such as `Node.js`, are too often plain words. */
const PLAIN_NAME =
  /^[\w@.-]*\.(?:json|ya?ml|toml|lock|md|txt|ini|cfg|env|sql|sh|gradle|xml|mod|sum)$|^\.[\w.-]+$/;
const CREATES = /^(?:create|add|write|generate|scaffold|initiali[sz]e|set ?up)\b/i;

/**
 * The paths that a task names: declared in its own line, since spec-kit asks for exact paths there, and
 * inferred in the lines below it.
 *
 * @param text the task's own line without its marks, and what is indented below it
 */
export function claimsIn(
  text: string,
  place: { readonly path: string; readonly line: number },
): readonly Claim[] {
  const mode = CREATES.test(text.trim()) ? 'create' : 'write';
  const claims = new Map<string, Claim>();
  for (const [below, line] of text.split('\n').entries()) {
    for (const [, quoted, plain] of line.matchAll(TOKEN)) {
      const pattern = clean(quoted ?? plain ?? '');
      if (pattern === undefined || claims.has(pattern)) continue;
      claims.set(pattern, {
        pattern,
        mode,
        class: 'exclusive',
        confidence: below === 0 ? 'declared' : 'inferred',
        rule: 'spec-kit-path',
        place: { ...place, line: place.line + below },
      });
    }
  }
  return [...claims.values()];
}

/** A path inside the repository; `undefined` for words, versions, URLs, placeholders and ways out. */
function clean(token: string): string | undefined {
  const path = token.replace(/^\.\//, '').replace(/[.,;:]+$/, '');
  const segments = path.split('/');
  if (path === '' || path.startsWith('/') || segments.includes('..') || segments.includes('.'))
    return undefined;
  if (/[:<>[\]{}()$|\\]/.test(path) || /^\d+(?:\.\d+)*$/.test(path)) return undefined;
  if (!path.includes('/')) return PLAIN_NAME.test(path) ? path : undefined;
  const last = segments.at(-1) ?? '';
  return last === '' || last.includes('.') ? path : undefined;
}
