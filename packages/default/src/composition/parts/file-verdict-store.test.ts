import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Verdict } from '@pwt/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileVerdictStore } from './file-verdict-store.js';

const green: Verdict = { status: 'green', durationMs: 5 };
const red: Verdict = { status: 'red', durationMs: 5, exitCode: 1, summary: 'no\n"quoted"' };
const tested = { tree: 'a'.repeat(40), fingerprint: 'f1' };

function storeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-verdicts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state', 'verdicts');
}

describe('FileVerdictStore', () => {
  it('knows what was recorded, in this process and the next, each gate for itself', async () => {
    const file = storeFile();
    const store = new FileVerdictStore({ file });
    expect(await store.recall(tested)).toBeUndefined();
    await store.record(tested, red);
    await store.record(tested, green);
    await store.record({ ...tested, fingerprint: 'f2' }, green);
    const known = { green: 1, red: 1, last: green };
    expect(await store.recall(tested)).toEqual(known);
    const next = new FileVerdictStore({ file });
    expect(await next.recall(tested)).toEqual(known);
    expect(await next.recall({ ...tested, fingerprint: 'f2' })).toEqual({ green: 1, red: 0, last: green });
    expect(await next.recall({ ...tested, tree: 'b' })).toBeUndefined();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps no verdict that says nothing about the tree', async () => {
    const store = new FileVerdictStore({ file: storeFile() });
    await store.record(tested, { status: 'broken', durationMs: 1, message: 'no shell' });
    await store.record(tested, { status: 'timed-out', durationMs: 1, summary: '' });
    expect(await store.recall(tested)).toBeUndefined();
  });

  it('forgets the verdicts of one gate, for the next process too', async () => {
    const file = storeFile();
    const store = new FileVerdictStore({ file });
    await store.record(tested, red);
    await store.record({ ...tested, fingerprint: 'f2' }, red);
    await store.forget('f1');
    for (const one of [store, new FileVerdictStore({ file })]) {
      expect(await one.recall(tested)).toBeUndefined();
      expect(await one.recall({ ...tested, fingerprint: 'f2' })).toMatchObject({ red: 1 });
    }
    await store.record(tested, green);
    expect(await new FileVerdictStore({ file }).recall(tested)).toEqual({ green: 1, red: 0, last: green });
  });

  it('skips what is damaged, and adds behind a line that was cut off', async () => {
    const file = storeFile();
    await new FileVerdictStore({ file }).record(tested, red);
    const line = readFileSync(file, 'utf8').trim();
    const strange = [
      'null',
      '[]',
      '{"fingerprint":"f1","tree":7}',
      '{"fingerprint":"f1","tree":"t","verdict":{"status":"grey"}}',
    ];
    appendFileSync(file, `\0\0\n${strange.join('\n')}\n${line.slice(0, 20)}`);
    await new FileVerdictStore({ file }).record(tested, green);
    expect(await new FileVerdictStore({ file }).recall(tested)).toEqual({ green: 1, red: 1, last: green });
  });

  it('works without a file that can be written', async () => {
    const file = join('/dev/null/no-folder', 'verdicts');
    const store = new FileVerdictStore({ file });
    await store.record(tested, green);
    expect(await store.recall(tested)).toMatchObject({ green: 1 });
    expect(await new FileVerdictStore({ file }).recall(tested)).toBeUndefined();
  });

  it('stays bounded, and keeps the newest', async () => {
    const file = storeFile();
    await new FileVerdictStore({ file }).record(tested, green);
    const line = (n: number) => JSON.stringify({ fingerprint: 'f1', tree: `t${n}`, verdict: green });
    writeFileSync(file, `${Array.from({ length: 4500 }, (_, n) => line(n)).join('\n')}\n`);
    await new FileVerdictStore({ file }).recall(tested);
    const next = new FileVerdictStore({ file });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2000);
    expect(await next.recall({ ...tested, tree: 't4499' })).toMatchObject({ green: 1 });
    expect(await next.recall({ ...tested, tree: 't2499' })).toBeUndefined();
  });

  it('loses nothing when two processes add at the same time', async () => {
    const file = storeFile();
    await new FileVerdictStore({ file }).record(tested, green);
    const script = `
      const { appendFile } = await import('node:fs/promises');
      for (let n = 0; n < 300; n += 1)
        await appendFile(process.argv[1], '\\n' + JSON.stringify({ fingerprint: 'other', tree: 't' + n, verdict: { status: 'green', durationMs: 1 } }) + '\\n');`;
    const other = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, file]);
    const store = new FileVerdictStore({ file });
    for (let n = 0; n < 300; n += 1) await store.record({ ...tested, tree: `t${n}` }, red);
    await other;
    const next = new FileVerdictStore({ file });
    for (let n = 0; n < 300; n += 1) {
      expect(await next.recall({ tree: `t${n}`, fingerprint: 'f1' })).toMatchObject({ red: 1 });
      expect(await next.recall({ tree: `t${n}`, fingerprint: 'other' })).toMatchObject({ green: 1 });
    }
  });
});
