import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { readBlobs } from './read-blobs.js';

const absent = 'f'.repeat(40);

describe('readBlobs', () => {
  it('reads byte for byte, in the order of the questions, and says null for what is not there', async () => {
    const repository = await repositoryWith({ lines: '\n\0\n', empty: '' });
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256));
    writeFileSync(join(repository.path, 'big'), bytes);
    await repository.commit({});
    const { git } = repository;
    const [big = '', lines = '', empty = ''] = await git.lines([
      'rev-parse',
      'HEAD:big',
      'HEAD:lines',
      'HEAD:empty',
    ]);
    const read = await readBlobs(git, [big, absent, lines, empty, big]);
    expect(read.map((content) => content?.length)).toEqual([300_000, undefined, 3, 0, 300_000]);
    expect(read[0]?.equals(bytes)).toBe(true);
    expect(read[2]?.toString()).toBe('\n\0\n');
    await git.run(['repack', '-a', '-d', '-q']);
    expect(await readBlobs(git, [big, absent, lines, empty, big])).toEqual(read);
  });

  it('asks nothing for nothing', async () => {
    const { git } = await repositoryWith({ a: '1' });
    expect(await readBlobs(git.at('/nonexistent'), [])).toEqual([]);
  });

  it('fails where git does', async () => {
    const { git } = await repositoryWith({ a: '1' });
    await expect(readBlobs(git.at('/nonexistent'), [absent])).rejects.toMatchObject({
      code: 'PWT_CWD_NOT_FOUND',
    });
    await expect(readBlobs(git.at('/'), [absent])).rejects.toMatchObject({ code: 'PWT_NOT_A_REPOSITORY' });
  });
});
