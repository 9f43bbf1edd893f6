import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';

function created(tree: readonly string[], path: string) {
  const text = `# T\n\n- [ ] Create \`${path}\``;
  const { claims, diagnostics } = separateSpecs([{ path: 'SPEC-1-x.md', text }], { tree });
  return {
    claims: claims[0]?.claims.map(({ mode, pattern }) => `${mode} ${pattern}`),
    codes: diagnostics.map(({ code }) => code),
  };
}

describe('a new file that is named from its package', () => {
  it.each([
    ['src/writescore/core/a.py', 'writescore/core/detector.py', 'src/writescore/core/detector.py'],
    ['src/writescore/core/a.py', 'writescore/rules/new/x.py', 'src/writescore/rules/new/x.py'],
    ['lib/ui/button.rb', 'ui/tab.rb', 'lib/ui/tab.rb'],
    ['web/app/api/users.ts', 'api/orders.ts', 'web/app/api/orders.ts'],
    ['packages/x/src/core/a.ts', 'core/b.ts', 'packages/x/src/core/b.ts'],
    ['src/main/java/com/acme/shop/A.java', 'com/acme/shop/B.java', 'src/main/java/com/acme/shop/B.java'],
    ['backend/internal/auth/a.go', 'internal/auth/token.go', 'backend/internal/auth/token.go'],
    ['src/writescore/core/a.py', 'writescore/data/', 'src/writescore/data/'],
  ])('lies beside %s: %s', (tracked, path, expected) => {
    expect(created([tracked], path)).toEqual({ claims: [`create ${expected}`], codes: [] });
  });

  it.each([
    ['a new top folder', 'src/core/a.ts', 'tools/x.ts'],
    ['a folder that the root has', 'core/a.ts', 'core/x.ts'],
    ['a common name far from any sources', 'vendor/old/docs/a.md', 'docs/x.md'],
  ])('stays as it is: %s', (_what, tracked, path) => {
    expect(created([tracked, 'vendor/core/y.ts'], path).claims).toEqual([`create ${path}`]);
  });

  it('is asked about if several packages have such a folder', () => {
    const two = ['packages/a/src/core/x.ts', 'packages/b/src/core/y.ts'];
    expect(created(two, 'core/new.ts')).toEqual({
      claims: ['create **/core/new.ts'],
      codes: ['PWT_PATH_AMBIGUOUS'],
    });
  });

  it('lies among tests if it is one, and else does not', () => {
    const both = ['src/main/java/com/acme/A.java', 'src/test/java/com/acme/ATest.java'];
    expect(created(both, 'com/acme/B.java').claims).toEqual(['create src/main/java/com/acme/B.java']);
    expect(created(both, 'com/acme/BTest.java').claims).toEqual(['create src/test/java/com/acme/BTest.java']);
  });
});
