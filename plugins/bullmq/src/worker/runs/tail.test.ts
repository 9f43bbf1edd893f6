import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Tail } from './tail.js';

function fresh(maxBytes: number) {
  const dir = mkdtempSync(join(tmpdir(), 'pwt-tail-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'log');
  return { path, tail: new Tail(path, maxBytes) };
}

it('gives whole lines, each once, and where they begin', async () => {
  const { path, tail } = fresh(100);
  expect(await tail.next()).toEqual({ text: '', offset: 0 });
  writeFileSync(path, 'é\nhal');
  expect(await tail.next()).toEqual({ text: 'é\n', offset: 0 });
  expect(await tail.next()).toEqual({ text: '', offset: 3 });
  appendFileSync(path, 'f\n');
  expect(await tail.next()).toEqual({ text: 'half\n', offset: 3 });
});

it('gives the last lines of too much, and says what is left out', async () => {
  const { path, tail } = fresh(10);
  writeFileSync(path, 'one\ntwo\nthree\nfour\n');
  expect(await tail.next()).toEqual({ text: 'four\n', offset: 14 });
  appendFileSync(path, 'five\n');
  expect(await tail.next()).toEqual({ text: 'five\n', offset: 19 });
});

it('leaves out a line that is longer than all that is sent', async () => {
  const { path, tail } = fresh(10);
  writeFileSync(path, 'x'.repeat(50));
  expect((await tail.next()).text).toBe('');
  appendFileSync(path, '\nend\n');
  expect(await tail.next()).toEqual({ text: 'end\n', offset: 51 });
});
