import { describe, expect, it } from 'vitest';
import { executableConfigKeys, isExecutableConfigKey } from './executable-keys.js';

describe('isExecutableConfigKey', () => {
  it('knows every key of the list, whatever stands for its subsection', () => {
    const keys = executableConfigKeys.map((key) => key.replace('*', 'My.odd\nname'));
    expect(keys.filter((key) => !isExecutableConfigKey(key))).toEqual([]);
    expect(isExecutableConfigKey('FILTER.Lfs.Clean')).toBe(true);
  });

  it.each(['filter.x.required', 'core.bare', 'user.name', 'branch.main.merge', 'diff.renames', 'merge.tool'])(
    'leaves %s alone',
    (key) => expect(isExecutableConfigKey(key)).toBe(false),
  );
});
