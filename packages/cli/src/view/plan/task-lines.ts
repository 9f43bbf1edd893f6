import type { Claim, Task, TaskClaims } from '@pwt/core';
import { formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';
import { labelsText } from '../labels-text.js';
import { fitted, type Page, rowLines } from '../page.js';

/** A task with its claims and the lines that say so. Pure. */
export function taskLines(task: Task, scope: TaskClaims, page: Page): string[] {
  const { bold, dim, yellow } = page.colours;
  const rows = scope.claims.map((claim) => [claim.mode, oneLine(claim.pattern), evidence(claim)]);
  return [
    `${bold(task.id)}  ${fitted(oneLine(task.title), page, task.id.length + 2)}`,
    ...(scope.unknownScope ? [yellow('  no scope found: runs alone')] : rowLines(rows, '  ', page)),
    ...(scope.claims.some(({ mode }) => mode !== 'read')
      ? []
      : [yellow('  no scope found: runs beside others')]),
    ...(task.runsOn === undefined
      ? []
      : [dim(fitted(`  on a machine with ${oneLine(labelsText(task.runsOn))}`, page))]),
    ...(task.dependsOn.length === 0 ? [] : [dim(fitted(`  after ${task.dependsOn.join(', ')}`, page))]),
    '',
  ];
}

function evidence({ place, rule, confidence, class: kind }: Claim): string {
  const notes = [...(confidence === 'declared' ? [] : [confidence]), ...(kind === 'exclusive' ? [] : [kind])];
  return oneLine([formatPlace(place) ?? '', rule, ...notes].filter((part) => part !== '').join(' '));
}
