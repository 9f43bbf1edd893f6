import { makeTask, separatorSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { RegexSpecSeparator } from './regex-spec-separator.js';

const runner = { describe, test: it };

function withText(id: string, text: string) {
  return makeTask(id, { specs: [{ path: `specs/SPEC-${id}-a.md`, text, hash: '00' }] });
}

separatorSuite(runner, async () => ({
  separator: new RegexSpecSeparator(),
  scoped: [
    withText('1', '**File**: `src/a.ts`'),
    withText('2', '- Rename `../x` and `src/a.ts` to `src/b.ts`'),
  ],
  unscoped: withText('3', '# Think'),
  tree: { paths: ['src/a.ts'] },
  dispose: async () => {},
}));
