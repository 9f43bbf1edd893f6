import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = { paths: ['app/[id]/page.tsx', 'src/a.ts', 'src/b.ts'] };

/** What a spec with these lines claims, and what is reported about it as `line code`. */
function separate(...lines: readonly string[]) {
  const specs = [{ path: 'specs/SPEC-1-x.md', text: ['# T', ...lines].join('\n'), hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const { claims, diagnostics } = new RegexSpecSeparator().separateNow({ tasks: [task], tree });
  return {
    patterns: claims[0]?.unknownScope ? [] : (claims[0]?.claims ?? []).map(({ pattern }) => pattern),
    reports: diagnostics
      .filter(({ code, severity }) => severity !== 'info' && code !== 'PWT_SCOPE_UNKNOWN')
      .map(({ code, line }) => `${line} ${code}`),
  };
}

const many = Array.from({ length: 10_000 }, (_, at) => `f${at}`).join(',');

describe('what cannot be claimed is reported with its line', () => {
  it.each([
    ['/etc/hosts', 'PWT_PATH_OUTSIDE'],
    ['/elsewhere/a.ts', 'PWT_PATH_OUTSIDE'],
    ['../other/a.ts', 'PWT_PATH_OUTSIDE'],
    ['src/../../a.ts', 'PWT_PATH_OUTSIDE'],
    ['C:\\x\\a.ts', 'PWT_PATH_OUTSIDE'],
    ['C:/x/a.ts', 'PWT_PATH_OUTSIDE'],
    ['\\\\server\\share\\a.ts', 'PWT_PATH_OUTSIDE'],
    ['src/[abc.ts', 'PWT_PATTERN_UNBALANCED'],
    ['src/{a,b.ts', 'PWT_PATTERN_UNBALANCED'],
    ['src/a}.ts', 'PWT_PATTERN_UNBALANCED'],
    ['src/@(a|b).ts', 'PWT_PATTERN_EXTGLOB'],
    ['src/!(a).ts', 'PWT_PATTERN_EXTGLOB'],
    ['src/{1..3}.ts', 'PWT_PATTERN_BRACE'],
    [`src/{${many}}.ts`, 'PWT_PATTERN_TOO_LARGE'],
    [`src/${'x'.repeat(300)}.ts`, 'PWT_PATTERN_TOO_LARGE'],
    [`src/${'x'.repeat(5000)}.ts`, 'PWT_PATTERN_TOO_LARGE'],
  ])('%.40s', (path, code) => {
    const listed = separate('## File Scope', `- \`${path}\``, '- `src/b.ts`');
    expect(listed).toEqual({ patterns: ['src/b.ts'], reports: [`3 ${code}`] });
    const ordered = separate(`- Update \`${path}\``, '- Update `src/b.ts`');
    expect(ordered).toEqual({ patterns: ['src/b.ts'], reports: [`2 ${code}`] });
  });

  it.each(['/etc/hosts', '../other/a.ts', 'C:\\x\\a.ts', `src/{${many}}.ts`])(
    'without any mark: %.40s',
    (path) => {
      expect(separate('## File Scope', `- ${path}`, '- src/b.ts')).toMatchObject({
        patterns: ['src/b.ts'],
        reports: [expect.stringMatching(/^3 /)],
      });
    },
  );

  it.each(['- Add the route `/api/users/:id`', '- Check `/etc/hosts`', 'Logs go to `/tmp/x.log`.'])(
    'but not what is not to be changed: %s',
    (line) => {
      expect(separate(line, '- Update `src/b.ts`')).toEqual({ patterns: ['src/b.ts'], reports: [] });
    },
  );
});

describe('brackets', () => {
  it('are a class where that matches tracked files, and otherwise a part of the name', () => {
    expect(separate('**File**: `src/[ab].ts`').patterns).toEqual(['src/[ab].ts']);
    expect(separate('**File**: `app/[id]/page.tsx`').patterns).toEqual(['app/\\[id]/page.tsx']);
    expect(separate('**File**: `app/[user-id]/new.tsx`').patterns).toEqual(['app/\\[user-id]/new.tsx']);
  });

  it('hold long lists', () => {
    const names = Array.from({ length: 200 }, (_, at) => `f${at}`).join(',');
    expect(separate(`**Files**: \`src/{a,${names}}.ts\``).patterns).toEqual([`src/{a,${names}}.ts`]);
  });
});
