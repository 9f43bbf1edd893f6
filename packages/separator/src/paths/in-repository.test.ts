import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';

const tree = ['packages/core/a.py', 'packages/core/src/known.py', 'src/lib/dates.ts', 'src/lib/new/index.ts'];

function read(path: string, root?: string) {
  const text = `# T\n\n- [ ] Create \`${path}\``;
  const options = root === undefined ? { tree } : { tree, root };
  const { claims, diagnostics } = separateSpecs([{ path: 'SPEC-1-x.md', text }], options);
  return claims[0]?.unknownScope
    ? diagnostics.map(({ code }) => code)
    : claims[0]?.claims.map(({ mode, pattern }) => `${mode} ${pattern}`);
}

describe('a path from elsewhere', () => {
  it.each([
    '/srv/checkouts/acme/packages/core/src/assets.py',
    '/home/dev/Projects/acme/packages/core/src/assets.py',
    '/Users/dev/Acme/packages/core/src/assets.py:12',
    'C:\\dev\\acme\\packages\\core\\src\\assets.py',
    'D:/work/acme/packages/core/src/assets.py',
    '~/Projects/acme/packages/core/src/assets.py',
    '../acme/packages/core/src/assets.py',
  ])('is one of the repository: %s', (path) => {
    expect(read(path, '/srv/checkouts/acme')).toEqual(['create packages/core/src/assets.py']);
  });

  it('is one of a checkout of any name, if it ends in the names of a tracked file', () => {
    expect(read('/home/dev/old/packages/core/src/known.py', '/x/acme')).toEqual([
      'write packages/core/src/known.py',
    ]);
    expect(read('/x/acme/brand/new.py', '/x/acme')).toEqual(['create brand/new.py']);
  });

  it.each([
    ['/src/lib/dates.ts', 'write src/lib/dates.ts'],
    ['/packages/core/a.py:12', 'write packages/core/a.py'],
    ['/packages/core/x.py', 'create packages/core/x.py'],
  ])('is one from the root of the repository: %s', (path, expected) => {
    expect(read(path, '/x/acme')).toEqual([expected]);
  });

  it.each([
    '/home/dev/other/packages/core/src/assets.py',
    '/etc/acme/packages/core/src/assets.py',
    '/home/dev/.config/acme/packages/core/x.py',
    '/home/dev/venv/site-packages/acme/packages/core/x.py',
    '/home/dev/acme/../other/packages/core/x.py',
    '/x/acme/../other/packages/core/x.py',
    '/x/acme/.git/hooks/pre-commit.py',
    '/home/dev/acme/elsewhere/new.py',
    '../../acme/packages/core/x.py',
    'C:\\Windows\\system32\\x.log',
    '/packages/elsewhere/x.py',
    '/x.py',
    '/packages/core/../x.py',
  ])('is refused: %s', (path) => {
    expect(read(path, '/x/acme')).toEqual(['PWT_PATH_OUTSIDE', 'PWT_SCOPE_UNKNOWN']);
  });
});

describe('an alias of the sources', () => {
  it.each(['@/lib/dates.ts', '@/lib/dates', '@/lib/dates.ts:3', '#/lib/new'])(
    'names a tracked file: %s',
    (path) => {
      expect(read(path)?.[0]).toMatch(/^write src\/lib\/(?:dates|new\/index)\.ts$/);
    },
  );

  it.each(['@/*', '@/components/none.tsx', '@/dates.ts', '@scope/package'])(
    'names nothing else: %s',
    (path) => {
      expect(read(path)).toEqual(['PWT_SCOPE_UNKNOWN']);
    },
  );

  it('is no folder in a command', () => {
    const text =
      '# T\n\n- Create packages/core/ using `npx create-app --import-alias "@/*"`\n- Add "@/*" to it';
    const { claims } = separateSpecs([{ path: 'SPEC-1-x.md', text }], { tree });
    expect(claims[0]?.claims.map(({ pattern }) => pattern)).toEqual(['packages/core/']);
  });
});
