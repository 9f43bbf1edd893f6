import { hasCode } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { gitFeatures, isAtLeast, parseGitVersion, requireGitVersion } from './version.js';

describe('parseGitVersion', () => {
  it.each([
    ['git version 2.39.5\n', [2, 39, 5]],
    ['git version 2.39.5 (Apple Git-154)\n', [2, 39, 5]],
    ['git version 2.47.0.rc1.12.g1f0ba6d\n', [2, 47, 0]],
    ['git version 2.50\n', [2, 50, 0]],
    ['git version 3.0.1.windows.2\n', [3, 0, 1]],
  ])('reads %j', (text, [major, minor, patch]) => {
    expect(parseGitVersion(text)).toEqual({ major, minor, patch, text: text.trim() });
  });

  it('refuses what has no version in it', () => {
    expect(() => parseGitVersion('hello')).toThrow(expect.objectContaining({ code: 'PWT_GIT_FAILED' }));
  });
});

describe('the version ladder', () => {
  const version = (text: string) => parseGitVersion(`git version ${text}`);

  it('compares numbers and not text', () => {
    expect(isAtLeast(version('2.9.0'), '2.38')).toBe(false);
    expect(isAtLeast(version('2.38.0'), '2.38')).toBe(true);
    expect(isAtLeast(version('2.100.0'), '2.38')).toBe(true);
    expect(isAtLeast(version('3.0.0'), '2.38')).toBe(true);
    expect(isAtLeast(version('1.99.0'), '2.38')).toBe(false);
    expect(isAtLeast(version('2.38.1'), '2.38.2')).toBe(false);
  });

  it('knows what came when', () => {
    expect(gitFeatures(version('2.37.7'))).toMatchObject({ mergeTreeWriteTree: false });
    expect(gitFeatures(version('2.40.0'))).toMatchObject({ mergeTreeMergeBase: true, attrSource: false });
  });

  it('refuses an older release with both versions and the purpose', () => {
    requireGitVersion(version('2.30.0'));
    expect(() => requireGitVersion(version('2.29.3'))).toThrow('git 2.30 or newer is needed for pwt');
    try {
      requireGitVersion(version('2.37.0'), '2.38', 'merging in memory');
      expect.fail('should have thrown');
    } catch (error) {
      expect(hasCode(error, 'PWT_GIT_TOO_OLD') && error.data).toEqual({
        ...{ found: 'git version 2.37.0', minimum: '2.38' },
      });
    }
  });
});
