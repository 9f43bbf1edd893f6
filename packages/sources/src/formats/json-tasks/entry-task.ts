import { classOf } from '@pwt/claims';
import { type Claim, type ClaimMode, type Diagnostic, defined, isTaskId } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import { parseDurationMs, RUNS_ON, type Vocabulary } from '@pwt/separator';
import type { FormatTask } from '../../format.js';
import { type Fields, isFields, numberOf, priorityOf, textOf, textsOf } from '../../reading/fields.js';
import { invalidEntry } from '../../reading/invalid-entry.js';
import { labelsIn } from '../../reading/labels.js';
import { recordSpec } from '../../reading/record-spec.js';
import { statusFields } from '../../reading/status.js';
import { isVerification } from '../../verification.js';
import type { Entry } from './entries.js';

/** What an entry may have, with the test of each value and what it has to be. */
const keys: Readonly<Record<string, readonly [what: string, accepts: (value: unknown) => boolean]>> = {
  id: ['a text or a number', (value) => textOf(value) !== undefined],
  title: ['a text', isText],
  text: ['a text', isText],
  description: ['a text', isText],
  files: [
    'an object with lists of paths under "write", "create", "read" and "delete"',
    (value) =>
      isFields(value) && Object.entries(value).every(([mode, paths]) => isMode(mode) && isTexts(paths)),
  ],
  dependsOn: [
    'a list of ids',
    (value) => Array.isArray(value) && value.every((id) => textOf(id) !== undefined),
  ],
  priority: [
    'a number, or "high", "medium" or "low"',
    (value) => numberOf(value) !== undefined || priorityOf(value) !== undefined,
  ],
  estimate: ['a number of hours, or a text such as "90m"', (value) => estimateOf(value) !== undefined],
  done: ['true or false', (value) => typeof value === 'boolean'],
  status: ['a text', isText],
  // What is wrong with a label is said of it alone.
  ...Object.fromEntries(RUNS_ON.map((key) => [key, ['labels', () => true]] as const)),
};
/** As they are told: one of the spellings of `runs-on`. */
const KEYS = Object.keys(keys)
  .filter((key) => !RUNS_ON.includes(key) || key === 'runsOn')
  .join(', ');
const MODES: readonly ClaimMode[] = ['write', 'create', 'read', 'delete'];
const HOUR_MS = 3_600_000;

export interface ReadEntry {
  readonly task?: FormatTask;
  readonly diagnostics: readonly Diagnostic[];
}

/** The task of an entry. What is wrong with a value is said, and the value is left out; without id or title there is no task. */
export function readEntry({ fields: given, line }: Entry, file: string, vocabulary: Vocabulary): ReadEntry {
  const wrong = Object.keys(given).flatMap((key) => whatIsWrong(key, given[key]) ?? []);
  const fields: Fields = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => whatIsWrong(key, value) === undefined),
  );
  const diagnostics = wrong.map((what) => invalidEntry(file, line, what));
  const id = textOf(fields.id);
  const title = textOf(fields.title) ?? textOf(fields.text ?? fields.description)?.split('\n', 1)[0];
  if (id === undefined || title === undefined)
    return {
      diagnostics: [...diagnostics, invalidEntry(file, line, 'is no task: it needs an "id" and a "title".')],
    };
  if (!isTaskId(id))
    return {
      diagnostics: [
        ...diagnostics,
        invalidEntry(file, line, `has an id that can't be used: "${id}".`, ID_HINT),
      ],
    };
  const { claims, refused } = claimsOf(fields.files, { path: file, line });
  const { runsOn, diagnostics: labels } = labelsIn(fields, { path: file, line, taskId: id });
  const task = {
    id,
    title: title.slice(0, 120),
    specs: [
      recordSpec({ path: file, line }, title, [[undefined, textOf(fields.text ?? fields.description)]]),
    ],
    dependsOn: textsOf(fields.dependsOn),
    ...defined({
      priority: numberOf(fields.priority) ?? priorityOf(fields.priority),
      estimateMs: estimateOf(fields.estimate, vocabulary),
      runsOn,
    }),
    ...(claims.length > 0 && { declared: claims }),
    ...(isVerification(title) ? { verification: true as const } : {}),
    ...stateOf(fields, `${file}:${line}`),
  };
  const own = refused.map((one) => ({ ...one, taskIds: [id] }));
  return { task, diagnostics: [...diagnostics, ...own, ...labels] };
}

const ID_HINT = 'An id has letters, digits, ".", "_" and "-".';

function whatIsWrong(key: string, value: unknown): string | undefined {
  if (key.startsWith('$')) return undefined;
  const known = keys[key];
  if (!known) return `has a key "${key}", which no task has. The keys are: ${KEYS}.`;
  const [what, accepts] = known;
  return value === null || accepts(value) ? undefined : `has a wrong "${key}": it has to be ${what}.`;
}

function stateOf(
  { done, status }: Fields,
  place: string,
): { readonly done?: string; readonly deferred?: string } {
  if (done === true) return { done: `${place} says "done": true` };
  return textOf(status) === undefined ? {} : statusFields(textOf(status) ?? '', place);
}

function claimsOf(
  files: unknown,
  place: { readonly path: string; readonly line: number },
): { readonly claims: readonly Claim[]; readonly refused: readonly Diagnostic[] } {
  const claims: Claim[] = [];
  const refused: Diagnostic[] = [];
  for (const mode of MODES) {
    for (const text of textsOf(isFields(files) ? (files[mode] ?? []) : [])) {
      const pattern = text.replace(/^\.\//, '');
      const parsed = tryParsePattern(pattern);
      if (parsed.ok) {
        claims.push({
          pattern,
          mode,
          class: classOf(pattern),
          confidence: 'declared',
          rule: 'json-files',
          place,
        });
      } else {
        const { code, message } = parsed.error;
        refused.push({ code, severity: 'warning', message, ...place });
      }
    }
  }
  return { claims, refused };
}

/** A number is hours, as everywhere in specs. */
function estimateOf(value: unknown, vocabulary?: Vocabulary): number | undefined {
  const hours = numberOf(value);
  if (hours !== undefined) return hours > 0 ? hours * HOUR_MS : undefined;
  return typeof value === 'string' ? parseDurationMs(value, vocabulary) : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isMode(mode: string): boolean {
  return (MODES as readonly string[]).includes(mode);
}
