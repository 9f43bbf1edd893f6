import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileResultCache } from './file-result-cache.js';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-cache-'));
  file = join(dir, 'state/cache');
});
afterEach(() => rm(dir, { recursive: true }));

const open = (build = 'one') => FileResultCache.open({ file, build });

/** What a cache says about some inputs, and for which of them it had to be worked out. */
async function recallAll(cache: FileResultCache, inputs: readonly string[], kind = 'length') {
  const made: string[] = [];
  const values = inputs.map((input) =>
    cache.recall(
      kind,
      () => [input],
      () => {
        made.push(input);
        return { length: input.length };
      },
    ),
  );
  await cache.dispose();
  return { made, values };
}

describe('FileResultCache', () => {
  it('works out once what it is asked for, now and later', async () => {
    const first = await recallAll(await open(), ['a', 'bb', 'a']);
    expect(first).toEqual({ made: ['a', 'bb'], values: [{ length: 1 }, { length: 2 }, { length: 1 }] });
    const second = await recallAll(await open(), ['bb', 'ccc', 'a']);
    expect(second).toEqual({ made: ['ccc'], values: [{ length: 2 }, { length: 3 }, { length: 1 }] });
  });

  it('tells apart what is asked for, and the ends of inputs', async () => {
    const cache = await open();
    await recallAll(cache, ['a']);
    expect((await recallAll(cache, ['a'], 'width')).made).toEqual(['a']);
    const joined = (...inputs: readonly string[]) =>
      cache.recall(
        'join',
        () => inputs,
        () => inputs.join('|'),
      );
    expect(joined('ab', 'c')).toBe('ab|c');
    expect(joined('a', 'bc')).toBe('a|bc');
  });

  it('forgets what another build of the program has found', async () => {
    await recallAll(await open(), ['a']);
    expect((await recallAll(await open('two'), ['a'])).made).toEqual(['a']);
    expect((await recallAll(await open('two'), ['a'])).made).toEqual([]);
  });

  it('works out again what is damaged, and keeps the rest', async () => {
    await recallAll(await open(), ['a', 'bb']);
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text.replace('{"length":1}', '{"len')}\nnonsense`);
    expect((await recallAll(await open(), ['a', 'bb'])).made).toEqual(['a']);
    expect((await recallAll(await open(), ['a', 'bb'])).made).toEqual([]);
  });

  it('writes nothing when there is nothing new', async () => {
    await recallAll(await open(), ['a']);
    await rm(file);
    const cache = await open();
    await cache.dispose();
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does without a file where none can be read or written', async () => {
    await mkdir(file, { recursive: true });
    expect((await recallAll(await open(), ['a'])).values).toEqual([{ length: 1 }]);
    expect((await recallAll(await open(), ['a'])).made).toEqual(['a']);
  });
});
