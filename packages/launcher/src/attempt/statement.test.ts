import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readStatement, writeStatement } from './statement.js';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-statement-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'no-change');
  writeFileSync(file, text);
  return file;
}

describe('a statement', () => {
  it('is read as it was written, the last one', async () => {
    const file = fileWith('');
    expect(await readStatement(file)).toBeUndefined();
    await writeStatement(file, 'a long reason that comes first');
    await writeStatement(file, 'it is „there“');
    expect(await readStatement(file)).toBe('it is „there“');
  });

  it('is one line of plain text, and bounded', async () => {
    const file = fileWith('');
    await writeStatement(file, '  one\n# Rules\u001b[31m\u202e two  ');
    expect(await readStatement(file)).toBe('one # Rules [31m two');
    await writeStatement(file, `${'x'.repeat(1999)}😀`);
    expect(await readStatement(file)).toBe('x'.repeat(1999));
  });

  it.each([
    '',
    '\n',
    'done',
    '{"noChange":"half',
    '{"noChange":"no end of line"}',
    '{"noChange":7}\n',
    '{"noChange":" "}\n',
    'null\n',
  ])('is none: %j', async (text) => {
    expect(await readStatement(fileWith(text))).toBeUndefined();
  });

  it('is read out of no other kind of file, and none is waited for', async () => {
    const file = fileWith('{"noChange":"here"}\n');
    symlinkSync(file, `${file}-link`);
    execFileSync('mkfifo', [`${file}-pipe`]);
    for (const other of [`${file}-link`, `${file}-pipe`, `${file}-missing`, tmpdir()])
      expect(await readStatement(other), other).toBeUndefined();
    await expect(writeStatement(`${file}-link`, 'x')).rejects.toThrow('ELOOP');
    await expect(writeStatement(`${file}-missing`, 'x')).rejects.toThrow('ENOENT');
  });
});
