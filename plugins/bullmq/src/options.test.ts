import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

const context = { projectRoot: '/p', env: { PWT_REDIS_PASSWORD: 'secret', OTHER: 'other' } };

describe('the options of the plugin', () => {
  it('have defaults for all but the address', () => {
    expect(readOptions(context, { redis: 'redis://host:6380/2' })).toMatchObject({
      redis: { url: 'redis://host:6380/2', password: 'secret' },
      queue: 'pwt',
      remote: 'origin',
      labels: {},
    });
  });

  it('take the password from the variable that they name, and the user from the address', () => {
    const { redis } = readOptions(context, {
      redis: { url: 'rediss://anna@host', passwordEnv: 'OTHER', ca: 'ca.pem' },
    });
    const login = { username: 'anna', password: 'other', passwordEnv: 'OTHER' };
    expect(redis).toEqual({ url: 'rediss://host', ...login, ca: '/p/ca.pem' });
  });

  it('count in seconds', () => {
    const { timings } = readOptions(context, {
      redis: 'redis://h',
      lostAfterSeconds: 2,
      heartbeatSeconds: 0.5,
    });
    expect(timings).toMatchObject({ lostAfterMs: 2000, presenceMs: 500, pollMs: 500, progressMs: 500 });
  });

  it.each([
    [undefined, /redis/],
    [{ redis: 'http://host' }, /must be a URL such as redis:/],
    [{ redis: 'redis://:secret@host' }, /must not have a password/],
    [{ redis: 'redis://h', queue: 'a:b' }, /queue/],
    [{ redis: 'redis://h', queue: '../x' }, /queue/],
    [{ redis: 'redis://h', remote: '--upload-pack=x' }, /remote/],
    [{ redis: 'redis://h', colour: 'red' }, /colour/],
    [{ redis: 'redis://h', lostAfterSeconds: -1 }, /lostAfterSeconds/],
  ])('refuse %j', (options, message) => {
    expect(() => readOptions(context, options)).toThrowError(
      expect.objectContaining({ code: 'PWT_PLUGIN_OPTIONS', message: expect.stringMatching(message) }),
    );
  });
});
