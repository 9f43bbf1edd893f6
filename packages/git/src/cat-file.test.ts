import { describe, expect, it, vi } from 'vitest';
import { repositoryWith, TestRepository, temporaryFolder } from '../test/repository.js';
import { CatFile } from './cat-file.js';
import { CatFilePool } from './cat-file-pool.js';

/** The pipes that keep this program alive, once no child does any more. */
async function heldPipes(): Promise<number> {
  const held = () => process.getActiveResourcesInfo();
  await vi.waitFor(() => expect(held()).not.toContain('ProcessWrap'), { interval: 5 });
  return held().filter((name) => name === 'PipeWrap').length;
}

describe('CatFile', () => {
  it('holds the program only while a question is open', async () => {
    const { git } = await repositoryWith({ a: '1' });
    const id = await git.text(['rev-parse', 'HEAD:a']);
    const idle = await heldPipes();
    const reader = new CatFile(git);
    const answer = reader.read(id);
    await reader.read(id);
    expect((await answer)?.content.toString()).toBe('1');
    // Pipes of git commands from before may close meanwhile, so there may be fewer, but no more.
    expect(await heldPipes()).toBeLessThanOrEqual(idle);
    await reader.close();
  });

  it('starts again after its process has ended', async () => {
    const { git } = await repositoryWith({ a: '1' });
    const id = await git.text(['rev-parse', 'HEAD:a']);
    const reader = new CatFile(git);
    expect((await reader.read(id))?.type).toBe('blob');
    await reader.close();
    expect((await reader.read(id))?.type).toBe('blob');
    await reader.close();
    await reader.close();
  });

  it('answers with an error what an ending process leaves open', async () => {
    const nowhere = new CatFile(new TestRepository(temporaryFolder()).git);
    await expect(nowhere.read('a'.repeat(40))).rejects.toMatchObject({ code: 'PWT_CWD_NOT_FOUND' });
    const noRepository = new CatFile(new TestRepository(temporaryFolder()).git.at('/'));
    await expect(noRepository.read('a'.repeat(40))).rejects.toMatchObject({ code: 'PWT_NOT_A_REPOSITORY' });
    await expect(noRepository.read('a\nb')).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });
});

describe('CatFilePool', () => {
  it('spreads questions and answers all', async () => {
    const { git } = await repositoryWith({ a: 'A'.repeat(500_000), b: 'B' });
    const [a = '', b = ''] = await git.lines(['rev-parse', 'HEAD:a', 'HEAD:b']);
    const pool = new CatFilePool({ git, size: 3 });
    const answers = await Promise.all([a, b, a, b, 'f'.repeat(40), a].map((id) => pool.read(id)));
    expect(answers.map((object) => object?.content.length)).toEqual([
      500_000,
      1,
      500_000,
      1,
      undefined,
      500_000,
    ]);
    await pool.close();
  });
});
