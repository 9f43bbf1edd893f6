import type { Task } from '@pwt/core';
import { code, listed } from './inline.js';

const DOCUMENTS = 12;

/** Where a task stands, what it is a part of, and what to read beside its text. */
export function describeContext({ specs, context = {} }: Task): string {
  const { folder, phase, documents = [] } = context;
  const [{ path, firstLine } = { path: '' }] = specs;
  const lines = [
    ...(path === ''
      ? []
      : [`The task stands in ${code(path)}${firstLine === undefined ? '' : `, line ${firstLine}`}.`]),
    ...(folder === undefined && phase === undefined ? [] : [`It is a part of ${partOf(folder, phase)}.`]),
    ...(documents.length === 0
      ? []
      : [
          `Read what of these documents concerns it before you start: ${listed(
            documents.map((one) => code(one)),
            DOCUMENTS,
          )}.`,
        ]),
  ];
  return lines.join(' ');
}

function partOf(folder: string | undefined, phase: string | undefined): string {
  return [phase, folder].flatMap((part) => (part === undefined ? [] : [code(part)])).join(' of ');
}
