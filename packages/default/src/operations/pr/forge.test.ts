import { expect, it } from 'vitest';
import { partsOf } from './forge.js';

it.each([
  ['https://github.com/o/r.git', { host: 'github.com', path: 'o/r' }],
  ['https://user@github.com/o/r', { host: 'github.com', path: 'o/r' }],
  ['git@gitlab.com:group/sub/r.git', { host: 'gitlab.com', path: 'group/sub/r' }],
  ['ssh://git@host.test:2222/o/r.git', { host: 'host.test', path: 'o/r' }],
  ['/srv/git/r.git', undefined],
  ['../r.git', undefined],
  ['file:///srv/r.git', undefined],
])('reads the address of a remote: %s', (address, parts) => expect(partsOf(address)).toEqual(parts));
