import { expect, it } from 'vitest';
import { cleanEnvironment } from './environment.js';

it('strips names and prefixes, then adds, and leaves the base alone', () => {
  const base = Object.freeze({
    PATH: '/bin',
    GIT_DIR: '/x',
    GIT_: 'y',
    GITHUB: '1',
    HOME: '/h',
    GONE: undefined,
  });
  const options = { strip: ['GIT_*', 'HOME'], add: { GIT_AUTHOR_NAME: 'A', PATH: undefined } };
  expect(cleanEnvironment(base, options)).toEqual({ GITHUB: '1', GIT_AUTHOR_NAME: 'A' });
  expect(cleanEnvironment(base)).toEqual({ PATH: '/bin', GIT_DIR: '/x', GIT_: 'y', GITHUB: '1', HOME: '/h' });
});
