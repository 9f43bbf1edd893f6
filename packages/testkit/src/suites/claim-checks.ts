import assert from 'node:assert/strict';
import type { Claim, Task } from '@pwt/core';

const modes = ['read', 'write', 'create', 'delete', 'rename'];
const classes = ['exclusive', 'append', 'regenerate'];
const confidences = ['declared', 'inferred', 'possible'];

/** Asserts that a claim is complete, and that its pattern stays inside of the repository. */
export function assertClaim({ pattern, mode, class: kind, confidence, rule }: Claim): void {
  const says = `the claim on ${JSON.stringify(pattern)}`;
  assert.ok(
    pattern !== '' && !pattern.startsWith('/'),
    `${says}: \`pattern\` must be relative to the repository root, such as "src/a.ts" or "src/**"`,
  );
  assert.ok(
    !pattern.split('/').includes('..'),
    `${says}: \`pattern\` must stay inside of the repository, without ".."`,
  );
  assertOneOf(says, 'mode', mode, modes);
  assertOneOf(says, 'class', kind, classes);
  assertOneOf(says, 'confidence', confidence, confidences);
  assert.ok(
    rule,
    `${says}: \`rule\` must name what found it, such as "module-line"; people see it beside the claim`,
  );
}

function assertOneOf(says: string, field: string, value: string, known: readonly string[]): void {
  assert.ok(
    known.includes(value),
    `${says}: \`${field}\` must be one of ${known.join(', ')}, not ${JSON.stringify(value)}`,
  );
}

/** Asserts that a claim names a line that is there, of a spec of its task: people go there to check it. */
export function assertEvidence({ pattern, place }: Claim, { id, specs }: Task): void {
  const says = `the claim on ${JSON.stringify(pattern)} of task ${id}`;
  assert.ok(
    place,
    `${says} must have a \`place\`: the path of a spec of the task and the line that says so, from 1`,
  );
  const { line } = place;
  const there = specs
    .filter(({ path }) => path === place.path)
    .some(({ text, firstLine = 1 }) => {
      const last = firstLine + text.split('\n').length - 1;
      return line !== undefined && Number.isInteger(line) && line >= firstLine && line <= last;
    });
  assert.ok(
    there,
    `${says}: \`place\` must be a line of one of the task's specs (${specs.map(({ path }) => path).join(', ')}; lines count from its \`firstLine\`), not ${place.path}:${line}`,
  );
}
