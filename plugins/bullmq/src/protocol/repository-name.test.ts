import { describe, expect, it } from 'vitest';
import { repositoryName } from './repository-name.js';

describe('the name of a repository', () => {
  it.each([
    ['https://h/team/app.git', 'app'],
    ['git@h:app', 'app'],
    ['/srv/git/app.git/', 'app'],
    ['ssh://h:22/x/my.app.git', 'my.app'],
    ['https://h/', 'h'],
    ['/', undefined],
  ])('of %s is %s', (address, name) => {
    expect(repositoryName(address)).toBe(name);
  });
});
