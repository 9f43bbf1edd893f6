import { isOptional, isPartDone } from '../../checklist/list-tasks.js';
import type { Checklist } from '../../checklist/parse-checklist.js';
import type { Part } from '../../checklist/parts.js';

/** The tasks of a wave, by their numbers. */
type Wave = ReadonlySet<string>;

const HEADING = /^#{1,6}\s+Task Dependency Graph\s*$/i;

/**
 * The waves of the graph that Kiro writes below "Task Dependency Graph": the tasks of a wave run at the same time, after those
 * of the waves before it. `undefined` without such a graph, or if it is no JSON.
 */
export function readWaves({ lines }: Checklist): readonly Wave[] | undefined {
  const heading = lines.findIndex((line) => HEADING.test(line));
  if (heading < 0) return undefined;
  const start = lines.findIndex((line, at) => at > heading && /^\s*(?:`{3,}|~{3,})/.test(line));
  const end = lines.findIndex((line, at) => at > start && /^\s*(?:`{3,}|~{3,})/.test(line));
  if (start < 0 || end < 0) return undefined;
  const graph = parsed(lines.slice(start + 1, end).join('\n'));
  if (!isObject(graph) || !Array.isArray(graph.waves)) return undefined;
  const waves = graph.waves.map(tasksOf).filter((wave) => wave.size > 0);
  return waves.length === 0 ? undefined : waves;
}

/**
 * What each part waits for by the waves: the unfinished tasks of the nearest wave before its own that has any. A part that no
 * wave names, such as a checkpoint, waits for what is listed before it.
 */
export function needsByWave(
  waves: readonly Wave[],
  parts: readonly Part[],
): ReadonlyMap<Part, readonly string[]> {
  const named = new Map(waves.flatMap((wave, at) => [...wave].map((number) => [number, at] as const)));
  /** A sub-task that no wave names goes with its task. */
  const waveOf = ({ number }: Part): number | undefined =>
    named.get(number) ?? named.get(number.slice(0, Math.max(0, number.lastIndexOf('.'))));
  const open = parts.filter((part) => !isPartDone(part) && !isOptional(part));
  const isOpen = new Set(open);
  const byWave = waves.map((): Part[] => []);
  for (const part of open) byWave[waveOf(part) ?? -1]?.push(part);
  let before: readonly string[] = [];
  const beforeWave = byWave.map((tasks) => {
    const waitsFor = before;
    if (tasks.length > 0) before = tasks.map(({ number }) => number);
    return waitsFor;
  });
  /** What is listed since the last part that no wave names, and that part. */
  let since: string[] = [];
  const needs = new Map<Part, readonly string[]>();
  for (const part of parts) {
    const wave = waveOf(part);
    needs.set(part, wave === undefined ? [...since] : (beforeWave[wave] ?? []));
    if (!isOpen.has(part)) continue;
    if (wave === undefined) since = [];
    since.push(part.number);
  }
  return needs;
}

function tasksOf(wave: unknown): Wave {
  const tasks = isObject(wave) && !Array.isArray(wave) ? wave.tasks : wave;
  return new Set(Array.isArray(tasks) ? tasks.map((task) => String(task).trim()) : []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some draw the graph instead; then the order of the list counts.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
