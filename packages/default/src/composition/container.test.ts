import { token } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { Container } from './container.js';

const a = token<string>('test-a');
const b = token<string>('test-b');
const c = token<string>('test-c');

describe('Container', () => {
  it('makes a part on first use, once', async () => {
    let made = 0;
    const container = new Container().register(a, () => `a${++made}`);
    expect(made).toBe(0);
    expect(await Promise.all([container.resolve(a), container.resolve(a)])).toEqual(['a1', 'a1']);
  });

  it('hands a factory the parts it asks for', async () => {
    const container = new Container()
      .register(a, async (resolve) => `a(${await resolve(b)})`)
      .register(b, () => 'b');
    expect(await container.resolve(a)).toBe('a(b)');
  });

  it('lets a later registration win', async () => {
    const container = new Container().register(a, () => 'first').register(a, () => 'second');
    expect(await container.resolve(a)).toBe('second');
  });

  it('names the cycle when parts depend on each other', async () => {
    const container = new Container()
      .register(a, async (resolve) => `a(${await resolve(b)})`)
      .register(b, async (resolve) => `b(${await resolve(c)})`)
      .register(c, async (resolve) => `c(${await resolve(a)})`);
    await expect(container.resolve(a)).rejects.toMatchObject({
      code: 'PWT_CONTAINER_CYCLE',
      data: { cycle: ['test-c', 'test-a', 'test-b', 'test-c'] },
    });
  });

  it('sees a cycle that two branches close together instead of waiting for ever', async () => {
    const container = new Container()
      .register(a, async (resolve) => `a(${await resolve(b)})`)
      .register(b, async (resolve) => `b(${await resolve(a)})`)
      .register(c, async (resolve) => (await Promise.all([resolve(a), resolve(b)])).join());
    await expect(container.resolve(c)).rejects.toMatchObject({ code: 'PWT_CONTAINER_CYCLE' });
  });

  it('disposes what was made, last made first, and nothing that was never asked for', async () => {
    const disposed: string[] = [];
    const part = (name: string) => ({ name, dispose: () => void disposed.push(name) });
    const first = token<{ name: string }>('test-first');
    const second = token<{ name: string }>('test-second');
    const never = token<{ name: string }>('test-never');
    const container = new Container()
      .register(first, () => part('first'))
      .register(second, async (resolve) => part(`second of ${(await resolve(first)).name}`))
      .register(never, () => part('never'));
    await container.resolve(second);
    await container.dispose();
    expect(disposed).toEqual(['second of first', 'first']);
  });

  it('goes on disposing after a failure, and reports it', async () => {
    const disposed: string[] = [];
    const container = new Container();
    container.onDispose(() => void disposed.push('earlier'));
    container.onDispose(() => {
      throw new Error('stuck');
    });
    await expect(container.dispose()).rejects.toThrow('stuck');
    expect(disposed).toEqual(['earlier']);
  });

  it('says which part is not registered', async () => {
    await expect(new Container().resolve(a)).rejects.toMatchObject({
      code: 'PWT_CONTAINER_UNKNOWN',
      data: { token: 'test-a' },
    });
  });
});
