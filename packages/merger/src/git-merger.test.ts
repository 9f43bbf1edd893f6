import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';

describe('open', () => {
  it('makes the integration ref once and finds it again', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const later = await repository.side(base, { a: 'b\n' });
    const { merger } = repository;
    expect(await merger.open({ runId: 'r1', target: 'main', start: base })).toEqual({ tip: base });
    expect(await merger.open({ runId: 'r1', target: 'main', start: later })).toEqual({ tip: base });
    expect(await merger.open({ runId: 'r2', target: 'main', start: later })).toEqual({ tip: later });
  });
});

describe('advance', () => {
  it('moves the ref from where it was seen, once', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { merger } = repository;
    await merger.open({ runId: 'r1', target: 'main', start: base });
    const first = await repository.merged(base, await repository.side(base, { b: 'b\n' }));
    const rival = await repository.merged(base, await repository.side(base, { c: 'c\n' }));
    expect(await merger.advance({ runId: 'r1', from: base, to: first })).toEqual({ status: 'advanced' });
    expect(await merger.advance({ runId: 'r1', from: base, to: first })).toEqual({ status: 'advanced' });
    expect(await merger.advance({ runId: 'r1', from: base, to: rival })).toEqual({
      status: 'moved',
      tip: first,
    });
    expect(await repository.git.text(['rev-parse', 'refs/pwt/r1/integration'])).toBe(first);
  });

  it('never goes back, and misses a ref that is gone', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { merger } = repository;
    const later = await repository.side(base, { a: 'b\n' });
    await merger.open({ runId: 'r1', target: 'main', start: later });
    await expect(merger.advance({ runId: 'r1', from: later, to: base })).rejects.toMatchObject({
      code: 'PWT_NOT_A_FAST_FORWARD',
    });
    await expect(merger.advance({ runId: 'r9', from: base, to: later })).rejects.toMatchObject({
      code: 'PWT_INTEGRATION_REF_GONE',
    });
  });
});

describe('tip and contains', () => {
  it('answer by exact name and by object id', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const later = await repository.side(base, { a: 'b\n' });
    const { merger } = repository;
    expect(await merger.tip('main')).toBe(base);
    expect(await merger.tip('mai')).toBeUndefined();
    expect(await merger.contains({ ancestor: base, descendant: later })).toBe(true);
    expect(await merger.contains({ ancestor: later, descendant: base })).toBe(false);
  });
});

describe('close', () => {
  it('removes the refs of this run that have landed, and its candidates, and only those', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { merger } = repository;
    await merger.open({ runId: 'r1', target: 'main', start: base });
    await merger.open({ runId: 'r11', target: 'main', start: base });
    const landed = await repository.merged(base, await repository.side(base, { b: 'b\n' }), 'landed');
    await repository.merged(base, await repository.side(base, { c: 'c\n' }), 'held');
    await merger.advance({ runId: 'r1', from: base, to: landed });
    const snapshot = await repository.side(base, { d: 'd\n' });
    await repository.git.run(['update-ref', 'refs/pwt/r1/snapshots/1/1', snapshot]);
    await merger.close({ runId: 'r1', landed });
    expect((await repository.git.lines(['for-each-ref', '--format=%(refname)', 'refs/pwt'])).sort()).toEqual([
      'refs/pwt/r1/snapshots/1/1',
      'refs/pwt/r11/integration',
    ]);
    await merger.close({ runId: 'r1', landed });
  });
});
