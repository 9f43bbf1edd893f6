import type { PlanPart } from './plan-parts.js';

const FILES =
  /^\s*(?:\*\*|__)?Files?(?: (?:to (?:create|modify|change)|changed|touched))?(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*(.*)$/i;
const ITEM = /^\s*[-*+]\s+(.*)$/;
const CREATES = /^(?:\*\*)?(?:create|new|add|test)/i;
const PATH = /`([^`\s]+)`|(?<![\w`])((?:[\w@.-]+\/)+[\w@.-]+|[\w@-]+\.[a-z]\w{0,5})(?![\w/`])/gi;

/** The files that a task names in its list of files. */
export interface NamedFiles {
  readonly all: ReadonlySet<string>;
  readonly created: readonly string[];
}

/** Reads the list below `**Files:**`; `undefined` if there is none. */
export function filesOf(text: string): NamedFiles | undefined {
  const all = new Set<string>();
  const created: string[] = [];
  let isWithin = false;
  for (const line of text.split('\n')) {
    const [, value] = FILES.exec(line) ?? [];
    if (value !== undefined) isWithin = true;
    const entry = value ?? ITEM.exec(line)?.[1];
    if (isWithin && entry === undefined && line.trim() !== '') isWithin = false;
    if (!isWithin || entry === undefined || /^\[[ xX]\]/.test(entry)) continue;
    for (const [, quoted, plain] of entry.matchAll(PATH)) {
      const path = (quoted ?? plain ?? '').replace(/:\d+(?:-\d+)?$|^\.\//g, '');
      all.add(path);
      if (CREATES.test(entry)) created.push(path);
    }
  }
  return all.size > 0 ? { all, created } : undefined;
}

/**
 * What each task of a plan waits for: earlier tasks that share a file with it, that it names (`Task 2`), or whose new files it
 * mentions. A task without a list of files waits for all before it, and all behind wait for it.
 */
export function needsByFiles(parts: readonly PlanPart[]): ReadonlyMap<PlanPart, readonly string[]> {
  const files = new Map(parts.map((part) => [part, filesOf(part.text)]));
  return new Map(
    parts.map((part, at) => {
      const own = files.get(part);
      const named = tasksNamed(part);
      const needs = parts.slice(0, at).filter((other) => {
        const theirs = files.get(other);
        if (!own || !theirs || named.has(other.number)) return true;
        return [...own.all].some((path) => theirs.all.has(path)) || mentions(part.text, theirs.created);
      });
      return [part, needs.map(({ number }) => number)];
    }),
  );
}

/** The numbers in `Task 2`, `Tasks 2 and 3`, `Tasks 2-4`. */
function tasksNamed({ text, number: own }: PlanPart): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, list = ''] of text.matchAll(
    /\btasks?\s+#?(\d+(?:\.\d+)*(?:\s*(?:,|and|&|[-–])\s*\d+(?:\.\d+)*){0,20})/gi,
  )) {
    for (const number of list.match(/\d+(?:\.\d+)*/g) ?? []) found.add(number);
    for (const [, from, to] of list.matchAll(/(\d+)\s*[-–]\s*(\d+)/g))
      for (let number = Number(from); number < Number(to) && number < Number(from) + 100; number += 1)
        found.add(String(number));
  }
  found.delete(own);
  return found;
}

const COMMON =
  /^(?:index|main|mod|lib|utils?|types?|helpers?|__init__|app|config|constants|readme|conftest)$/i;

function mentions(text: string, paths: readonly string[]): boolean {
  return paths.some((path) => {
    const bare = path.replace(/\.[^./]+$/, '');
    const names = bare.split('/');
    const stem = names.at(-1) ?? '';
    const short = COMMON.test(stem) ? names.slice(-2).join('/') : stem;
    if (short.length < 3 || (COMMON.test(stem) && names.length < 2)) return false;
    const [whole, part, dotted] = [bare, short, names.slice(-2).join('.')].map(escaped);
    return new RegExp(
      `(?<![\\w-])${whole}(?![\\w-])|[./'"\`]${part}(?:\\.\\w{1,5})?['"\`]|\\b(?:from|import|require|use|include)\\b[^\\n]{0,80}\\b(?:${part}|${dotted})\\b`,
    ).test(text);
  });
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
