import { type Diagnostic, defined } from '@pwt/core';
import { RUNS_ON } from '@pwt/separator';
import type { Checkout } from '../../checkout.js';
import type { FormatTask } from '../../format.js';
import { type Fields, priorityOf, textOf, textsOf } from '../../reading/fields.js';
import { labelsIn } from '../../reading/labels.js';
import { statusFields } from '../../reading/status.js';
import { sha256 } from '../../sha256.js';
import { isVerification } from '../../verification.js';
import type { BacklogFile } from './task-files.js';

/** What a task is read with beside its own file. */
export interface Surroundings {
  /** The status of finished tasks. */
  readonly last: string;
  /** The id that a task has here, by how it is written somewhere. */
  readonly idOf: (given: string) => string;
  /** The tasks that name this one as their parent. */
  readonly parts: readonly BacklogFile[];
  readonly checkout: Checkout;
  /** Gets what is wrong with it. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/** The task of a file. */
export async function taskOf(
  { path, text, fields, id }: BacklogFile,
  { last, idOf, parts, checkout, report }: Surroundings,
): Promise<FormatTask> {
  const named = textsOf(fields.dependencies).map(idOf);
  // A task waits for its parts, unless one of them says that it is the other way round.
  const awaited = parts.filter((part) => !textsOf(part.fields.dependencies).map(idOf).includes(id));
  const title = textOf(fields.title) ?? id;
  const documents = await documentsOf(fields, checkout);
  const status = textOf(fields.status);
  const { runsOn, diagnostics } = labelsIn(fields, { path, line: lineOf(text, RUNS_ON), taskId: id });
  diagnostics.forEach(report);
  const context = {
    ...defined({ phase: textOf(fields.milestone) }),
    ...(documents.length > 0 && { documents }),
  };
  return {
    id,
    title: title.slice(0, 120),
    specs: [{ path, text, hash: sha256(text) }],
    dependsOn: [...new Set([...named, ...awaited.map((part) => part.id)])].filter((need) => need !== id),
    ...defined({ priority: priorityOf(fields.priority), runsOn }),
    ...(Object.keys(context).length > 0 && { context }),
    // When its parts are done, there may be nothing left to do.
    ...((parts.length > 0 || isVerification(title)) && { verification: true as const }),
    ...(status === undefined ? {} : stateOf(status, last, `${path}:${lineOf(text, ['status'])}`)),
  };
}

function stateOf(status: string, last: string, place: string) {
  return isFinished(status, last)
    ? { done: `${place} has the status "${status}"` }
    : statusFields(status, place);
}

/** True for the last status of the configuration, and for words that mean the same everywhere. */
export function isFinished(status: string, last: string): boolean {
  return status.toLowerCase() === last.toLowerCase() || statusFields(status, '').done !== undefined;
}

/** The line of one of these keys; 1 where there is none. */
function lineOf(text: string, keys: readonly string[]): number {
  return Math.max(
    text.split('\n').findIndex((line) => keys.some((key) => line.startsWith(`${key}:`))) + 1,
    1,
  );
}

/** Files of the repository that the front matter names for reading. */
async function documentsOf(fields: Fields, checkout: Checkout): Promise<readonly string[]> {
  const paths = [...textsOf(fields.documentation), ...textsOf(fields.references)].filter(
    (path) => !/^[a-z][\w+.-]*:|^[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/i.test(path),
  );
  const there = await Promise.all(paths.map((path) => checkout.has(path)));
  return paths.filter((_, at) => there[at]);
}
