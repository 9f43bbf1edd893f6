import type { Claim } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';

const FILES = /<(files|file_path)>([^<]{1,4000})<\/\1>/g;
const MOST_TEXT = 200_000;

/** The files that the tasks of a plan name: `<files>src/a.ts, src/b.ts</files>`. */
export function filesOfTasks(text: string, path: string): readonly Claim[] {
  const claims = new Map<string, Claim>();
  const source = text.slice(0, MOST_TEXT);
  for (const match of source.matchAll(FILES)) {
    const line = source.slice(0, match.index).split('\n').length;
    for (const name of (match[2] ?? '').split(/[,\n]/)) {
      const pattern = name
        .trim()
        .replace(/^[-*`\s]+|[`\s]+$|\s+\([^)]*\)$/g, '')
        .replace(/^\.\//, '');
      if (pattern === '' || /\s/.test(pattern) || claims.has(pattern) || !tryParsePattern(pattern).ok)
        continue;
      claims.set(pattern, {
        ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'gsd-files' },
        place: { path, line },
      });
    }
  }
  return [...claims.values()];
}
