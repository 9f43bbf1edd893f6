import { join } from 'node:path';
import { expect, it } from 'vitest';
import { brokenLinks, unknownFiles } from './broken-links.mjs';
import { ROOT } from './workspace.mjs';

it('finds links to files that are not there', () => {
  const text = `[a](errors.md) [b](../README.md#install) [c](https://example.org/x) [d](#here)

[e](gone.md) and [f](../packages/gone/)`;
  expect(brokenLinks({ path: join(ROOT, 'docs/x.md'), text, root: ROOT })).toEqual([
    'docs/x.md:3: there is no gone.md',
    'docs/x.md:3: there is no ../packages/gone/',
  ]);
});

it('finds files that are named and are nowhere', () => {
  expect(unknownFiles('`a.ts`, `b.ts` and [`c.mjs`](x/c.mjs), `src/d.ts`', ['x/a.ts', 'x/c.mjs'])).toEqual([
    'b.ts',
  ]);
});
