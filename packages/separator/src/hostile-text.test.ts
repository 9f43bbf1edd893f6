import { tryParsePattern } from '@pwt/scope';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { separateSpecs } from './separate-specs.js';

const tree = [
  'README.md',
  'src/a.ts',
  'src/b/index.ts',
  'src/c/index.ts',
  'package.json',
  'package-lock.json',
];

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '`',
      '``',
      '**File**: ',
      '## File Scope\n',
      '- [ ] ',
      '- Update ',
      '- Rename ',
      '\n',
      '\n\n',
      '```\n',
      '├── ',
    ],
    ...[
      'src/a.ts',
      'index.ts',
      '../',
      '/',
      'C:\\',
      '*',
      '**',
      '{a,b}',
      '[',
      ']',
      '!',
      '\\',
      '---\n',
      'files: ',
      ': ',
    ],
    ...[
      '## References\n',
      '**Dependencies**: SPEC-1',
      '(new)',
      ' → ',
      ' to ',
      'package.json',
      '"',
      '](',
      '\0',
      '\ud800',
    ],
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);

it('makes usable claims with a place, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split('\n').length;
      const { claims, tasks } = separateSpecs([{ path: 'SPEC-7-x.md', text }], { tree });
      for (const { claims: own } of claims) {
        expect(own.length).toBeGreaterThan(0);
        for (const { pattern, place } of own) {
          expect(tryParsePattern(pattern).ok).toBe(true);
          expect(place?.line).toBeGreaterThanOrEqual(1);
          expect(place?.line).toBeLessThanOrEqual(lines);
        }
      }
      expect(tasks.length).toBeLessThanOrEqual(1);
    }),
    { seed: 20, numRuns: 2000 },
  );
});

it('takes a line that names more paths than a call takes arguments', () => {
  const text = `# T\n- Update ${'`src/a.ts` '.repeat(200_000)}`;
  const { claims } = separateSpecs([{ path: 'SPEC-7-x.md', text }], { tree });
  expect(claims[0]?.claims.map(({ pattern }) => pattern)).toEqual(['src/a.ts']);
});
