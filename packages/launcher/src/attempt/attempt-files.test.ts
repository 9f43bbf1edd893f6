import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptFiles } from './attempt-files.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-attempt-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const record = { agent: 'a', dialect: 'lines', startedAt: 7 } as const;

describe('AttemptFiles', () => {
  it('writes each input as a whole file, and nothing beside them', async () => {
    const files = new AttemptFiles(dir);
    await files.writeInputs({ prompt: 'do it', patterns: ['a', 'b'], spec: '# Spec', record });
    expect((await readdir(dir)).sort()).toEqual([
      'agent.json',
      'claims.json',
      'git-trace',
      'no-change',
      'prompt.md',
      'spec.md',
    ]);
    expect(await readFile(files.prompt, 'utf8')).toBe('do it');
    expect(JSON.parse(await readFile(files.claims, 'utf8'))).toEqual(['a', 'b']);
    expect(await files.record()).toEqual(record);
  });

  it.each(['', '\0\0\0\0'])('takes a record that a power cut has emptied for none: %j', async (text) => {
    await writeFile(join(dir, 'agent.json'), text);
    expect(await new AttemptFiles(dir).record()).toBeUndefined();
  });
});
