import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Placement } from './placement.js';
import { PlacementStore } from './placement-store.js';

let stateDir: string;
let store: PlacementStore;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'placements-'));
  store = new PlacementStore(stateDir);
});
afterEach(() => rmSync(stateDir, { recursive: true }));

test('keeps placements for the next process, by run and by task', async () => {
  await store.write(placement('run-1', '1'));
  await store.write(placement('run-1.5', '1'));
  await store.write(placement('run-2', '11'));
  const reopened = new PlacementStore(stateDir);
  expect(await reopened.read('run-1.1')).toEqual(placement('run-1', '1'));
  expect(await reopened.read('run-9.1')).toBeUndefined();
  expect((await reopened.list('run-1')).map(({ id }) => id)).toEqual(['run-1.1']);
  expect((await reopened.list()).map(({ id }) => id)).toEqual(['run-1.1', 'run-1.5.1', 'run-2.11']);
  expect((await reopened.ofTask('1')).map(({ id }) => id)).toEqual(['run-1.1', 'run-1.5.1']);
  await reopened.delete('run-1.1');
  expect(await reopened.read('run-1.1')).toBeUndefined();
});

test('names a record that is damaged, leaves it as it is, and reads the others', async () => {
  await store.write(placement('run-1', '1'));
  await store.write(placement('run-1', '2'));
  await store.write(placement('run-1', '3'));
  const files = { cut: file('run-1.1'), newer: file('run-1.2') };
  writeFileSync(files.cut, readFileSync(files.cut, 'utf8').slice(0, 40));
  writeFileSync(files.newer, JSON.stringify({ ...placement('run-1', '2'), v: 2 }));
  expect((await store.list()).map(({ id }) => id)).toEqual(['run-1.3']);
  const damaged = await store.damaged();
  expect(damaged.map(({ code, place }) => [code, place?.path])).toEqual([
    ['PWT_PLACEMENT_UNREADABLE', files.cut],
    ['PWT_PLACEMENT_UNREADABLE', files.newer],
  ]);
  await expect(store.read('run-1.1')).rejects.toMatchObject({ code: 'PWT_PLACEMENT_UNREADABLE' });
  await expect(store.launched('run-1.1', 1)).rejects.toMatchObject({ code: 'PWT_PLACEMENT_UNREADABLE' });
  expect(readFileSync(files.cut, 'utf8')).toHaveLength(40);
});

test('loses no change of several at once, and leaves no draft', async () => {
  await store.write(placement('run-1', '1'));
  await Promise.all([
    ...[3, 1, 2].map((number) => store.launched('run-1.1', number)),
    store.gaveUp('run-1.1', 1, 'a'),
    store.gaveUp('run-1.1', 1, 'b'),
    store.lost('run-1.1', 1),
    store.lost('run-1.1', 7),
  ]);
  expect(await store.read('run-1.1')).toMatchObject({
    launched: [1, 2, 3],
    givenUp: [{ number: 1, worker: 'a' }],
    lost: true,
  });
  expect(readdirSync(join(stateDir, 'bullmq', 'placements'))).toEqual(['run-1.1.json']);
});

test('does not take another home for the lost one', async () => {
  await store.write({ ...placement('run-1', '1'), homes: 2 });
  await store.lost('run-1.1', 1);
  expect((await store.read('run-1.1'))?.lost).toBeUndefined();
});

function file(id: string): string {
  return join(stateDir, 'bullmq', 'placements', `${id}.json`);
}

function placement(runId: string, taskId: string): Placement {
  const id = `${runId}.${taskId}`;
  const workspace = { id, provider: 'git-worktree', kind: 'task', runId, path: '/w', base: 'b' } as const;
  return {
    ...{ v: 1, id, kind: 'task', runId, taskId, title: 'Task', runsOn: {}, start: 'b', homes: 1 },
    ...{ home: { worker: 'a', workspace }, launched: [], givenUp: [] },
  };
}
