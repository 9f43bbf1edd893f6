import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KnownPlaces } from './known-places.js';
import { newRecord } from './prepare.js';
import { WorktreeRecords } from './records.js';

let folder: string;
let records: WorktreeRecords;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pwt-places-'));
  records = new WorktreeRecords(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (taskId: string, path: string, runId = 'r') =>
  newRecord({
    id: `${runId}.${taskId}`,
    provider: 'git-worktree',
    kind: 'task',
    runId,
    taskId,
    path,
    base: 'b',
  });

describe('KnownPlaces', () => {
  it('finds the worktree of a run by its place, and reads each record once', async () => {
    const places = new KnownPlaces(records);
    const find = async (path: string) =>
      (await places.find('r', (place) => place.path === path))?.workspace.taskId;
    for (const id of ['1', '2', '3']) await records.write(at(id, `/wt${id}`));
    await records.write(at('1', '/other', 'r.1'));
    await writeFile(join(folder, 'r.4.json'), 'torn');
    const read = vi.spyOn(records, 'read');
    expect(await find('/wt9')).toBeUndefined();
    read.mockClear();
    expect([await find('/wt9'), await find('/other')]).toEqual([undefined, undefined]);
    // The torn one is tried again, and the one that fits is read as it is now.
    expect(read.mock.calls.flat().filter((id) => id !== 'r.4')).toEqual(['r.1.1']);
    await records.write(at('5', '/wt5'));
    expect([await find('/wt2'), await find('/wt5')]).toEqual(['2', '5']);
  });

  it('does not go by a record that is gone, or tells of another place by now', async () => {
    const places = new KnownPlaces(records);
    const find = (path: string) => places.find('r', (place) => place.path === path);
    for (const id of ['1', '2']) await records.write(at(id, `/wt${id}`));
    expect(await find('/wt1')).toBeDefined();
    await records.delete('r.1');
    await records.write(at('2', '/elsewhere'));
    expect([await find('/wt1'), await find('/wt2')]).toEqual([undefined, undefined]);
  });
});
