import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT_VERSION, type RunEvent } from '@pwt/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileJournalStore } from './file-journal-store.js';

let dir: string;
let store: FileJournalStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-journal-'));
  store = new FileJournalStore({ dir });
});

afterEach(() => rm(dir, { recursive: true, force: true }));

function event(seq: number, reason = 'x'): RunEvent {
  return { v: EVENT_VERSION, seq, at: seq, runId: 'r', type: 'admission-paused', reason };
}

async function write(from: number, to: number): Promise<void> {
  const journal = await store.open('r');
  const appended = [];
  for (let seq = from; seq <= to; seq += 1) appended.push(journal.append(event(seq, 'line\nbreak é')));
  await Promise.all(appended);
  await journal.close();
}

describe('FileJournalStore', () => {
  it('says so when a log can not be made', async () => {
    await writeFile(join(dir, 'file'), '');
    const broken = new FileJournalStore({ dir: join(dir, 'file') });
    await expect(broken.open('r')).rejects.toMatchObject({ code: 'PWT_JOURNAL_WRITE_FAILED' });
  });

  it('gives back what was appended, in order, across reopening', async () => {
    await write(1, 100);
    await write(101, 103);
    const events = await store.read('r');
    expect(events.map((entry) => entry.seq)).toEqual(Array.from({ length: 103 }, (_, index) => index + 1));
    expect(events[7]).toEqual(event(8, 'line\nbreak é'));
    expect(await store.list()).toEqual(['r']);
  });

  it.each([1, 2, 5, 30])(
    'forgets a last line that a crash cut short by %i bytes, and writes after it',
    async (bytes) => {
      await write(1, 3);
      const file = join(dir, 'r', 'journal.jsonl');
      const { length } = await readFile(file);
      await truncate(file, length - bytes);
      expect((await store.read('r')).map((entry) => entry.seq)).toEqual([1, 2]);
      await write(3, 4);
      expect((await store.read('r')).map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
    },
  );

  it.each<[string, (lines: string[]) => void]>([
    ['is cut short', (lines) => lines.splice(1, 1, '{"v":1')],
    ['is filled with NULs', (lines) => lines.splice(1, 1, '\0'.repeat(80))],
    ['is missing', (lines) => lines.splice(1, 1)],
    ['is no event', (lines) => lines.splice(1, 1, 'null')],
    [
      'makes no sense',
      (lines) => lines.splice(1, 1, JSON.stringify({ ...event(2), type: 'task-planned', taskId: '1' })),
    ],
  ])('names the line that %s, and reads what is before it', async (_, damage) => {
    await write(1, 3);
    const file = join(dir, 'r', 'journal.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    damage(lines);
    await writeFile(file, lines.join('\n'));
    const found = { code: 'PWT_JOURNAL_CORRUPT', place: { path: file, line: 2 } };
    await expect(store.read('r')).rejects.toMatchObject(found);
    await expect(store.open('r')).rejects.toMatchObject(found);
    const readable = await store.readable('r');
    expect(readable.events.map(({ seq }) => seq)).toEqual([1]);
    expect(readable.damage).toMatchObject(found);
    expect(await readFile(file, 'utf8')).toBe(lines.join('\n'));
  });

  it('moves a log aside: its run is unknown then, and nothing is lost', async () => {
    await write(1, 3);
    const file = join(dir, 'r', 'journal.jsonl');
    const before = await readFile(file);
    const aside = await store.moveAside('r', 0);
    expect(await readFile(aside)).toEqual(before);
    await expect(store.readable('r')).rejects.toMatchObject({ code: 'PWT_RUN_UNKNOWN' });
  });

  it('says what keeps a log from being read at all', async () => {
    await mkdir(join(dir, 'r', 'journal.jsonl'), { recursive: true });
    expect(await store.readable('r')).toMatchObject({
      events: [],
      damage: { code: 'PWT_JOURNAL_CORRUPT', message: expect.stringContaining('EISDIR') },
    });
  });

  it('refuses a log of a newer format, and passes over unknown types of its own', async () => {
    await write(1, 1);
    const file = join(dir, 'r', 'journal.jsonl');
    await appendFile(file, `${JSON.stringify({ ...event(2), type: 'from-the-future' })}\n`);
    expect(await store.read('r')).toHaveLength(2);
    await appendFile(file, `${JSON.stringify({ ...event(3), v: EVENT_VERSION + 1 })}\n`);
    await expect(store.read('r')).rejects.toMatchObject({ code: 'PWT_JOURNAL_NEWER', place: { line: 3 } });
  });

  it('rejects appends once a write has failed, so that nothing follows a hole', async () => {
    const journal = await store.open('r');
    await journal.append(event(1));
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => journal.append(circular as unknown as RunEvent)).toThrow();
    await journal.append(event(2));
    await journal.close();
    await expect(journal.append(event(3))).rejects.toMatchObject({ code: 'PWT_JOURNAL_WRITE_FAILED' });
    await expect(journal.append(event(4))).rejects.toMatchObject({ code: 'PWT_JOURNAL_WRITE_FAILED' });
    expect(await store.read('r')).toHaveLength(2);
  });

  it.each(['../escape', '', 'a/b', '.hidden'])('refuses %j as a run id', async (runId) => {
    await expect(store.read(runId)).rejects.toMatchObject({ code: 'PWT_RUN_UNKNOWN' });
    await expect(store.open(runId)).rejects.toMatchObject({ code: 'PWT_RUN_UNKNOWN' });
  });

  it('has no runs before the first', async () => {
    expect(await new FileJournalStore({ dir: join(dir, 'none') }).list()).toEqual([]);
    await expect(store.read('nope')).rejects.toMatchObject({ code: 'PWT_RUN_UNKNOWN' });
  });
});
