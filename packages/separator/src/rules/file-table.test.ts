import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';

const tree = ['docs/a.md', 'src/a.ts', 'src/b.ts', 'src/c.ts'];

function claims(...lines: readonly string[]) {
  const { claims } = separateSpecs([{ path: 'SPEC-1-x.md', text: ['# T', '', ...lines].join('\n') }], {
    tree,
  });
  return claims[0]?.claims.map(({ mode, pattern }) => `${mode} ${pattern}`);
}

describe('a table of files', () => {
  it('says in another column what is done', () => {
    expect(
      claims(
        '| File | Action | Why |',
        '|------|:------:|-----|',
        '| `src/new.ts` | Create | see `src/c.ts` |',
        '| src/a.ts | Modify | |',
        '| `src/b.ts` | delete | |',
        '| `docs/a.md` | Read | |',
        '| `src/c.ts` | none | |',
      ),
    ).toEqual(['create src/new.ts', 'write src/a.ts', 'delete src/b.ts', 'read docs/a.md', 'read src/c.ts']);
  });

  it.each([
    [['| Change | Path |', '|---|---|', '| Remove the flag from it | `src/a.ts` |']],
    [['Path | Changes', '--- | ---', 'src/a.ts | a flag']],
    [['## Files to modify', '', '| File | Purpose |', '|---|---|', '| `src/a.ts` | the flag |']],
    [['> | File | Needs change? |', '> |---|---|', '> | `src/a.ts` | yes |']],
  ])('is written as %j', (lines) => {
    expect(claims(...lines)).toEqual(['write src/a.ts']);
  });

  it.each([
    ['of what they are for', ['| File | Purpose |', '|---|---|', '| `src/a.ts` | the CLI |']],
    ['of several tasks', ['| Task | File | Change |', '|---|---|---|', '| 3 | `src/a.ts` | a flag |']],
    ['without a head', ['| `src/a.ts` | modify |']],
    ['under References', ['## References', '', '| File | Action |', '|---|---|', '| `src/a.ts` | modify |']],
  ])('claims nothing %s', (_what, lines) => {
    expect(claims(...lines)).toEqual(['write **']);
  });

  it('ends with its rows', () => {
    expect(
      claims('| File | Action |', '|---|---|', '| `src/a.ts` | modify |', '', '| `src/b.ts` | x |'),
    ).toEqual(['write src/a.ts']);
  });
});

describe('an underlined heading', () => {
  it.each([
    ['Files\n-----\n\n- `src/a.ts`'],
    ['Files to modify\n===\n- src/a.ts'],
    ['Files:\n------\n- src/a.ts'],
    ['Update `src/a.ts`\n-----------------'],
  ])('stands for one with marks: %j', (text) => {
    expect(claims(text)).toEqual(['write src/a.ts']);
  });

  it('holds what it says of its section', () => {
    expect(claims('Files to delete\n---\n- `src/a.ts`\n\nReferences\n---\n- `src/b.ts`')).toEqual([
      'delete src/a.ts',
    ]);
  });

  it('is no line of text above a rule', () => {
    expect(claims('**File**: `src/a.ts`\n---\n- Update `src/b.ts`')).toEqual([
      'write src/a.ts',
      'write src/b.ts',
    ]);
    expect(claims('## Files', 'These files change.', '---', '- `src/a.ts`')).toEqual(['write src/a.ts']);
  });
});
