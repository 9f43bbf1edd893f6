import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';

const tree = { paths: ['docs/guide.md', 'src/other.ts', 'src/storage.ts'] };

function claims(text: string, title = 'T') {
  const specs = [{ path: 'specs/SPEC-1-x.md', text, hash: '' }];
  const task = { id: '1', title, specs, dependsOn: [] };
  const [scope] = new RegexSpecSeparator().separateNow({ tasks: [task], tree }).claims;
  return scope?.claims.map(({ mode, pattern, confidence }) => `${mode} ${pattern} ${confidence}`);
}

describe('the title of a spec', () => {
  it.each([
    ['# Refactor `src/storage.ts` to be smaller', 'write src/storage.ts inferred'],
    ['# SPEC-7: Split src/storage.ts', 'write src/storage.ts inferred'],
    ['# 3.4: Delete `src/storage.ts`', 'delete src/storage.ts inferred'],
    ['# Remove the cache from `src/storage.ts`', 'write src/storage.ts inferred'],
    ['# `src/storage.ts` is too big', 'write src/storage.ts inferred'],
    ['Refactor `src/storage.ts`\n=====', 'write src/storage.ts inferred'],
    ['# Refactor storage.ts', 'write src/storage.ts inferred'],
  ])('names a file: %s', (title, claim) => {
    expect(claims(`${title}\n\nIt is too big.`)).toEqual([claim]);
  });

  it.each([
    '# Login/logout and CI/CD',
    '# Node.js 22',
    '# Review `src/storage.ts`',
    '# Sort like `src/other.ts`',
  ])('claims nothing by other words: %s', (title) => {
    expect(claims(`${title}\n\nText.`)?.filter((claim) => !claim.startsWith('read '))).toEqual([
      'write ** declared',
    ]);
  });

  it('without a verb counts only if nothing else does', () => {
    expect(claims('# `src/storage.ts` is slow\n\n- Update `src/other.ts`')).toEqual([
      'write src/other.ts inferred',
    ]);
  });

  it('has both ends of a rename', () => {
    expect(claims('# Rename `src/other.ts` to `src/main.ts`')).toEqual([
      'rename src/other.ts inferred',
      'rename src/main.ts inferred',
    ]);
  });
});

describe('the title of a task that its text does not show', () => {
  it('counts like the first heading', () => {
    expect(claims('It is too big.', 'Refactor `src/storage.ts`')).toEqual(['write src/storage.ts inferred']);
    expect(claims('---\ntitle: Refactor src/storage.ts\n---\nToo big.', 'Refactor src/storage.ts')).toEqual([
      'write src/storage.ts inferred',
    ]);
  });

  it('is read once', () => {
    expect(
      claims(
        '- [ ] Update `src/other.ts` like `src/storage.ts`',
        'Update `src/other.ts` like `src/storage.ts`',
      ),
    ).toEqual(['write src/other.ts inferred']);
  });
});
