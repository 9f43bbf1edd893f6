import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FileInbox } from './file-inbox.js';

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-inbox-'));
  folders.push(folder);
  return join(folder, 'inbox');
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const stop = { kind: 'stop', taskId: '1' } as const;

describe('the inbox of a run', () => {
  it('gives messages in their order, until they are removed', async () => {
    const inbox = new FileInbox(newFolder());
    expect(await inbox.read()).toEqual([]);
    await inbox.put({ ...stop, taskId: '2' }, 2);
    await inbox.put(stop, 1);
    const found = await inbox.read();
    expect(found.map(({ message }) => message)).toEqual([stop, { ...stop, taskId: '2' }]);
    for (const { id } of found) await inbox.remove(id);
    expect(await inbox.read()).toEqual([]);
  });

  it('takes nothing for a message that pwt has not written, and does not stop at it', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const secret = join(folder, '..', 'secret');
    writeFileSync(secret, JSON.stringify({ v: 1, ...stop }));
    symlinkSync(secret, join(folder, '1.json'));
    mkdirSync(join(folder, '2.json'));
    writeFileSync(join(folder, '3.json'), '{"v":1,"kind":"st');
    writeFileSync(join(folder, '4.json'), 'x'.repeat(200_000));
    writeFileSync(join(folder, '5.tmp'), JSON.stringify({ v: 1, ...stop }));
    const inbox = new FileInbox(folder);
    const found = await inbox.read();
    expect(found.map(({ message }) => message)).toEqual([undefined, undefined, undefined, undefined]);
    for (const { id } of found) await inbox.remove(id);
    expect(await inbox.read()).toEqual([]);
  });

  it('is empty where something else is in its place', async () => {
    const folder = newFolder();
    writeFileSync(folder, '');
    expect(await new FileInbox(folder).read()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('has a message that may not be read as one that is none', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, '1.json'), '{}');
    chmodSync(join(folder, '1.json'), 0);
    expect(await new FileInbox(folder).read()).toEqual([{ id: '1.json', message: undefined }]);
  });
});
