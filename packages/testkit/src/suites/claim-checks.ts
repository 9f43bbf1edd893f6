import assert from 'node:assert/strict';
import type { Claim, Task } from '@pwt/core';

const modes = ['read', 'write', 'create', 'delete', 'rename'];
const classes = ['exclusive', 'append', 'regenerate'];
const confidences = ['declared', 'inferred', 'possible'];

/** Asserts that a claim is complete, and that its pattern stays inside of the repository. */
export function assertClaim({ pattern, mode, class: kind, confidence, rule }: Claim): void {
  assert.ok(pattern !== '' && !pattern.startsWith('/'), `"${pattern}" is relative`);
  assert.ok(!pattern.split('/').includes('..'), `"${pattern}" stays inside`);
  assert.ok(modes.includes(mode) && classes.includes(kind) && confidences.includes(confidence));
  assert.notEqual(rule, '');
}

/** Asserts that a claim names a line that is there, of a spec of its task: people go there to check it. */
export function assertEvidence({ pattern, place }: Claim, { id, specs }: Task): void {
  assert.ok(place, `"${pattern}" has a place`);
  const { line } = place;
  const there = specs
    .filter(({ path }) => path === place.path)
    .some(({ text, firstLine = 1 }) => {
      const last = firstLine + text.split('\n').length - 1;
      return line !== undefined && Number.isInteger(line) && line >= firstLine && line <= last;
    });
  assert.ok(there, `${place.path}:${line} is a line of task ${id}`);
}
