import { describe, expect, it } from 'vitest';
import { errorCodeProblems } from './error-codes.mjs';

const source = { path: 'a.ts', text: "throw new PwtError(\n  'PWT_A',\n  'message');" };

describe('errorCodeProblems', () => {
  it('accepts codes that have a heading each', () => {
    expect(errorCodeProblems({ sources: [source], document: '# Errors\n\n## PWT_A\n\ntext' })).toEqual([]);
  });

  it('names the file of a code without a heading', () => {
    expect(errorCodeProblems({ sources: [source], document: 'PWT_A' })).toEqual([
      'a.ts: PWT_A has no heading in docs/errors.md',
    ]);
  });

  it('names headings that are out of use or there twice', () => {
    expect(errorCodeProblems({ sources: [source], document: '## PWT_A\n## PWT_A\n## `PWT_B`\n' })).toEqual([
      'docs/errors.md: nothing raises PWT_B',
      'docs/errors.md: PWT_A has two headings',
    ]);
  });

  it('knows variables and families of codes from codes', () => {
    const environment = { path: 'b.ts', text: "const NAMES = ['PWT_RUN_ID'], FAMILY = 'PWT_CONFIG_';" };
    expect(errorCodeProblems({ sources: [environment], document: '' })).toEqual([]);
  });
});
