import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = { paths: ['CHANGELOG.md', 'src/a.ts', 'src/b.ts'] };

/** What one line of a spec is found to change, as `mode pattern`. */
function changes(line: string): readonly string[] {
  const specs = [{ path: 'specs/SPEC-1-x.md', text: `# T\n\n${line}\n`, hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const [scope] = new RegexSpecSeparator().separateNow({ tasks: [task], tree }).claims;
  return scope?.unknownScope ? [] : (scope?.claims ?? []).map(({ mode, pattern }) => `${mode} ${pattern}`);
}

describe('a line that starts with a verb', () => {
  it.each([
    ['- Update src/a.ts', ['write src/a.ts']],
    ['- Fix src/a.ts:12 and src/b.ts.', ['write src/a.ts', 'write src/b.ts']],
    ['- Create src/c.ts', ['create src/c.ts']],
    ['- Extend CHANGELOG.md', ['write CHANGELOG.md']],
    ['- [ ] 1.1 Create src/c.ts', ['create src/c.ts']],
    ['- [ ] 1. Update src/a.ts', ['write src/a.ts']],
    ['- [x]* 2.3.1. Update src/a.ts', ['write src/a.ts']],
    ['- [ ] T012 [P] [US1] Create src/c.ts', ['create src/c.ts']],
  ])('may name its paths without any mark: %s', (line, expected) => {
    expect(changes(line)).toEqual(expected);
  });

  it('prefers the paths that are marked', () => {
    expect(changes('- Update `src/a.ts` as in src/b.ts')).toEqual(['write src/a.ts']);
  });

  it.each([
    '- Add client/server support',
    '- Add node.js support',
    '- Use src/a.ts',
    '@write src/a.ts text',
    '--add src/a.ts',
  ])('takes no other words for paths: %s', (line) => {
    expect(changes(line)).toEqual([]);
  });
});
