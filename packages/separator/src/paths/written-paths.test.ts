import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = {
  paths: [
    'README.md',
    'app/(group)/page.tsx',
    'app/[id]/page.tsx',
    'docs/guide.md',
    'pkg/deep/er/foo.ts',
    'src/__init__.py',
    'src/a.ts',
    'src/b.ts',
  ],
};

/** The patterns claimed by one entry of a file list in `docs/specs/SPEC-1-x.md`. */
function claimed(entry: string): readonly string[] {
  const text = `# T\n## File Scope\n${entry}`;
  const specs = [{ path: 'docs/specs/SPEC-1-x.md', text, hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const [scope] = new RegexSpecSeparator().separateNow({ tasks: [task], tree }).claims;
  return scope?.unknownScope ? [] : (scope?.claims ?? []).map(({ pattern }) => pattern);
}

describe('a path in a file list', () => {
  it.each([
    '**src/a.ts**',
    '1. **src/a.ts**:',
    '**src/a.ts:** why',
    '__src/a.ts__',
    '*src/a.ts*',
    '_src/a.ts_:',
    '***src/a.ts***',
    '~~src/a.ts~~',
    '**Changed file: src/a.ts**',
    "'src/a.ts'",
    '‘src/a.ts’',
    '“src/a.ts”,',
    '«src/a.ts»',
    '(src/a.ts)',
    '[src/a.ts]',
    '{src/a.ts}',
    '<src/a.ts>',
    '<code>src/a.ts</code>',
    '<b>src/a.ts</b> (new)',
    'src/a.ts<br>',
    'src/a.ts.',
    'src/a.ts?',
    'src/a.ts!',
    'src/a.ts;',
    'src/a.ts。',
    'src/a.ts（新規）',
    'src/a.ts(new)',
    'src/a.ts**',
    "`'src/a.ts'`",
    '`"src/a.ts"`',
    '`**src/a.ts**`',
    '`src/a.ts,`',
    '`src/a.ts.`',
    '`src/a.ts:render()`',
    '`src//a.ts`',
    'src//./a.ts',
    '`src/a.ts:12-20`',
    '`src/a.ts#L10`',
    '`src/a.ts (lines 3-9)`',
    '`src/a.ts (new)`',
    'src\\a.ts',
    '`src\\a.ts:12`',
    '`.\\src\\a.ts#L3`',
    '[a](/src/a.ts)',
    '[src/a.ts](../../src/a.ts)',
    '[`src/a.ts`](../../src/a.ts)',
  ])('is taken out of what surrounds it: %s', (written) => {
    expect(claimed(`- ${written}`)).toEqual(['src/a.ts']);
  });

  it.each([
    ['**src/a.ts**, **src/b.ts**.', ['src/a.ts', 'src/b.ts']],
    ['src/a.ts、src/b.ts', ['src/a.ts', 'src/b.ts']],
    ['`src/a.ts, src/b.ts`', ['src/a.ts', 'src/b.ts']],
    ['`src/a.ts and src/b.ts`', ['src/a.ts', 'src/b.ts']],
    ['[guide](../guide.md)', ['docs/guide.md']],
    ['src/\\_\\_init\\_\\_.py', ['src/__init__.py']],
    ['src/new\\_file.ts', ['src/new_file.ts']],
    ['`src\\sub\\_new.ts`', ['src/sub/_new.ts']],
    ['`src\\größe.ts`', ['src/größe.ts']],
    ['__tests__/__snapshots__/x.ts', ['__tests__/__snapshots__/x.ts']],
    ['app/[id]/page.tsx', ['app/\\[id]/page.tsx']],
    ['(app/(group)/page.tsx)', ['app/(group)/page.tsx']],
    ['src/{a,b}.ts', ['src/{a,b}.ts']],
    ['src/*.ts', ['src/*.ts']],
    ['src/**', ['src/**']],
    ['**/*.ts', ['**/*.ts']],
    ['src/', ['src/']],
    ['`src`', ['src/']],
    ['`app`, `src/a.ts`', ['app/', 'src/a.ts']],
    ['`pkg/.../foo.ts`', ['pkg/**/foo.ts']],
    ['`pkg/…/foo.ts`', ['pkg/**/foo.ts']],
    ['`My Docs/My File.md`', ['My Docs/My File.md']],
    ["'My Docs/My File.md'", ['My Docs/My File.md']],
    ['‘My Docs/My File.md’', ['My Docs/My File.md']],
    ['[m](<My Docs/My File.md>)', ['My Docs/My File.md']],
    ['[m](My%20Docs/My%20File.md "the file")', ['My Docs/My File.md']],
    ['[m](app/(group)/page.tsx)', ['app/(group)/page.tsx']],
    ["'src/a.ts', 'src/b.ts'", ['src/a.ts', 'src/b.ts']],
    ["src/a.ts: the team's list, and the users' names", ['src/a.ts']],
  ])('keeps what belongs to it: %s', (written, patterns) => {
    expect(claimed(`- ${written}`)).toEqual(patterns);
  });

  it.each([
    '`.md`',
    'all .md files',
    'the src of it all',
    '`// a/b.ts`',
    '`https://x.org/a.ts`',
    '`nowhere`',
    '`N/A`',
    '`and/or`',
    '`1.2/3.4`',
    '`path/to/file.py`',
  ])('is not seen where there is none: %s', (written) => {
    expect(claimed(`- ${written}`)).toEqual([]);
  });

  it('is not seen in code', () => {
    const fence = ['```python', 'Path("src/a.ts")', 'git.branch("feature/x")', 'src/b.ts (new)', '```'];
    expect(claimed(fence.join('\n'))).toEqual(['src/b.ts']);
  });
});
