import { expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = { paths: ['src/a.ts', 'src/b.ts', 'src/c.ts'] };

function changes(line: string): readonly string[] {
  const specs = [{ path: 'specs/SPEC-1-x.md', text: `# T\n\n${line}\n`, hash: '' }];
  const task = { id: '1', title: 'T', specs, dependsOn: [] };
  const [scope] = new RegexSpecSeparator().separateNow({ tasks: [task], tree }).claims;
  return (scope?.claims ?? []).map(({ mode, pattern }) => `${mode} ${pattern}`);
}

it.each([
  ['**Files**: `src/a.ts`, src/b.ts', ['write src/a.ts', 'write src/b.ts']],
  ['**Files**: src/b.ts and `src/a.ts`', ['write src/a.ts', 'write src/b.ts']],
  ['**Files**: `src/a.ts` — like src/b.ts', ['write src/a.ts']],
  ['**Files**: `src/a.ts` (uses src/b.ts), src/c.ts', ['write src/a.ts']],
])('takes all entries of a list of which only some are set as code: %s', (line, expected) => {
  expect([...changes(line)].sort()).toEqual(expected);
});
