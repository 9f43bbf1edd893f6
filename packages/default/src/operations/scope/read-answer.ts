import { literalPath, tryParsePattern } from '@pwt/scope';
import { z } from 'zod';
import { type ScopeFiles, type ScopeMode, scopeModes } from '../../scopes/scope-files.js';

/** What an agent has answered for one task. */
export interface ScopeAnswer {
  readonly files: ScopeFiles;
  /** What it named that is no path of the repository, with the reason. */
  readonly refused: readonly string[];
}

const paths = z.array(z.string().max(1000)).max(200).optional().catch(undefined);
const answers = z.record(z.string(), z.object({ write: paths, create: paths, delete: paths }).catch({}));

/**
 * Reads the answer of an agent, which may have text around its JSON.
 *
 * @param exists whether a path is tracked
 * @returns by the id of the task; `undefined` if there is no JSON in it
 */
export function readAnswer(
  text: string,
  exists: (path: string) => boolean,
): ReadonlyMap<string, ScopeAnswer> | undefined {
  const parsed = answers.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  return new Map(Object.entries(parsed.data).map(([id, named]) => [id, answerOf(named, exists)]));
}

function answerOf(
  named: Readonly<Partial<Record<ScopeMode, readonly string[] | undefined>>>,
  exists: (path: string) => boolean,
): ScopeAnswer {
  const files = new Map<ScopeMode, Set<string>>();
  const refused: string[] = [];
  for (const mode of scopeModes) {
    for (const written of named[mode] ?? []) {
      const path = written.trim().replace(/^\.\//, '');
      const problem = problemOf(path);
      if (problem !== undefined) {
        refused.push(`${JSON.stringify(written)}: ${problem}`);
        continue;
      }
      const real = modeOf(mode, path, exists);
      files.set(real, (files.get(real) ?? new Set()).add(path));
    }
  }
  return { files: Object.fromEntries([...files].map(([mode, set]) => [mode, [...set].sort()])), refused };
}

function problemOf(path: string): string | undefined {
  if (/^(?:\*\*\/?\*?|\.|\.\/|\/|\*)$/.test(path)) return 'it means everything';
  const parsed = tryParsePattern(path);
  return parsed.ok ? undefined : parsed.error.message;
}

/** What is there is changed, what is not there is created. */
function modeOf(mode: ScopeMode, path: string, exists: (path: string) => boolean): ScopeMode {
  if (mode === 'delete' || path.endsWith('/') || literalPath(path) === undefined) return mode;
  return exists(path) ? 'write' : 'create';
}

/** The outermost braces of a text. */
function jsonIn(text: string): unknown {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
