import { ClaimTable } from '@pwt/claims';
import type { Claim } from '@pwt/core';
import { makeClaim } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { preferenceOrder } from './order.js';
import type { SchedulableTask } from './schedulable.js';

const task = (id: string, claims: readonly Claim[]) => ({
  ...{ id, claims, unknownScope: false, dependsOn: [], priority: 0, estimateMs: 1 },
});

function preferred(tasks: readonly SchedulableTask[]): readonly string[] {
  const table = new ClaimTable();
  return preferenceOrder(tasks.map((one) => ({ ...one, nodes: table.nodesFor(one.claims) })));
}

it('prefers what most tasks take turns on, and counts nothing that is merely possible', () => {
  const maybe = makeClaim('a', { confidence: 'possible' });
  const tasks = [
    ...[task('1', [makeClaim('a')]), task('2', [maybe]), task('3', [maybe])],
    ...[task('4', [makeClaim('b')]), task('5', [makeClaim('b')])],
  ];
  expect(preferred(tasks)).toEqual(['4', '5', '1', '2', '3']);
});

it('does not count who subtracts what the others claim', () => {
  const tasks = [
    ...[task('1', [makeClaim('src/*')]), task('2', [makeClaim('src/*'), makeClaim('!src/a')])],
    ...[task('3', [makeClaim('src/a')]), task('4', [makeClaim('b')])],
  ];
  expect(preferred(tasks)).toEqual(['1', '2', '3', '4']);
  const wide = [...tasks, task('5', [makeClaim('b')]), task('6', [makeClaim('b')])];
  expect(preferred(wide)).toEqual(['1', '4', '5', '6', '2', '3']);
});
