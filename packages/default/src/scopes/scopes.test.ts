import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClaim, makeTask } from '@pwt/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { SCOPES_FILE, textKey } from './scope-files.js';
import { withScopes } from './with-scopes.js';
import { writeScopes } from './write-scopes.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-scopes-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

const task = makeTask('T1', { specs: [{ path: 'a.md', text: 'a', hash: '0123456789abcdef' }] });
const key = textKey(task);

async function put(text: string): Promise<void> {
  await mkdir(join(root, '.pwt'), { recursive: true });
  await writeFile(join(root, SCOPES_FILE), text);
}

describe('the file of scopes', () => {
  it('gives a task the files that were written for it, with their lines', async () => {
    await writeScopes(root, new Map([['T1', { files: { write: ['src/a.ts'], create: ['b/'] }, key }]]));
    const { tasks, diagnostics } = await withScopes(root, [task, makeTask('T2')]);
    expect(diagnostics).toEqual([]);
    expect(tasks[0]?.declared).toMatchObject([
      { pattern: 'src/a.ts', mode: 'write', confidence: 'declared', rule: 'scopes-file' },
      { pattern: 'b/', mode: 'create' },
    ]);
    const line = tasks[0]?.declared?.[0]?.place?.line ?? 0;
    expect((await readFile(join(root, SCOPES_FILE), 'utf8')).split('\n')[line - 1]).toContain('src/a.ts');
    expect(tasks[1]?.declared).toBeUndefined();
  });

  it('keeps what others have written, comments included', async () => {
    await put('# ours\nT9:\n  write: [x.ts] # by hand\n');
    await writeScopes(root, new Map([['T1', { files: { write: ['a b.ts'] }, key }]]));
    const text = await readFile(join(root, SCOPES_FILE), 'utf8');
    expect(text).toMatch(/^# ours\nT9:\n {2}write: \[ ?x\.ts ?\] # by hand\nT1:/);
    await writeScopes(root, new Map([['T1', { files: { delete: ['c.ts'] }, key }]]));
    expect((await withScopes(root, [task])).tasks[0]?.declared).toMatchObject([{ pattern: 'c.ts' }]);
  });

  it('leaves a task alone that says itself what it changes', async () => {
    await put('T1: {write: [a.ts]}\n');
    const own = { ...task, declared: [makeClaim('own.ts')] };
    expect((await withScopes(root, [own])).tasks[0]).toBe(own);
  });

  it('says that a text has changed since', async () => {
    await put('T1: {write: [a.ts], for: 999}\n\nT2: {write: [b.ts], for: old}\n');
    const { tasks, diagnostics } = await withScopes(root, [task, makeTask('T2')]);
    expect(tasks.every(({ declared }) => declared?.length === 1)).toBe(true);
    expect(diagnostics).toMatchObject([{ code: 'PWT_SCOPE_STALE', line: 3, taskIds: ['T2'] }]);
  });

  it.each([
    ['[1, 2', 1],
    ['- a\n', 1],
    ['T1: a.ts\n', 1],
    ['T1:\n  write:\n    - ok.ts\n    - ../x.ts\n', 4],
  ])('names the line of what it can not use: %j', async (text, line) => {
    await put(text);
    expect((await withScopes(root, [task])).diagnostics).toMatchObject([
      { code: 'PWT_SCOPES_FILE_INVALID', severity: 'warning', path: SCOPES_FILE, line },
    ]);
  });

  it('reads nothing outside of the repository', async () => {
    await mkdir(join(root, '.pwt'));
    await symlink('/etc/passwd', join(root, SCOPES_FILE));
    const { tasks, diagnostics } = await withScopes(root, [task]);
    expect(tasks).toEqual([task]);
    expect(diagnostics).toMatchObject([{ code: 'PWT_SPEC_OUTSIDE' }]);
  });

  it('is written for ids that look like numbers, however they stand there', async () => {
    const numbers = ['1', '007'].map((id) => makeTask(id, { specs: task.specs }));
    await put('1: {write: [a.ts]} # by hand\n007: {write: [a.ts]}\n');
    const scopes = new Map(['1', '007'].map((id) => [id, { files: { write: [`${id}.ts`] }, key }]));
    await writeScopes(root, scopes);
    const { tasks, diagnostics } = await withScopes(root, numbers);
    expect(diagnostics).toEqual([]);
    expect(tasks.map(({ declared }) => declared?.map(({ pattern }) => pattern))).toEqual([
      ['1.ts'],
      ['007.ts'],
    ]);
  });

  it.each([
    ['[1, 2', 1],
    ['- a\n', 1],
    ['hello\n', 1],
    ['T1: {}\nT1: {}\n', 2],
  ])('is left as it is where it can not be kept: %j', async (text, line) => {
    await put(text);
    const writing = writeScopes(root, new Map([['T1', { files: { write: ['a.ts'] }, key }]]));
    await expect(writing).rejects.toMatchObject({
      code: 'PWT_SCOPES_FILE_INVALID',
      place: { path: SCOPES_FILE, line },
    });
    expect(await readFile(join(root, SCOPES_FILE), 'utf8')).toBe(text);
  });

  it('is not written outside of the repository', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'pwt-scopes-'));
    onTestFinished(() => rm(elsewhere, { recursive: true }));
    await symlink(elsewhere, join(root, '.pwt'));
    const writing = writeScopes(root, new Map([['T1', { files: { write: ['a.ts'] }, key }]]));
    await expect(writing).rejects.toMatchObject({ code: 'PWT_SCOPES_FILE_INVALID' });
    expect(await readdir(elsewhere)).toEqual([]);
  });
});
