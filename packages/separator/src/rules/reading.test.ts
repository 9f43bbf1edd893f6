import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';

const tree = ['docs/ROADMAP.md', 'src/a.py', 'src/b.py', 'tests/test_a.py'];

function claims(...lines: readonly string[]) {
  const { claims } = separateSpecs([{ path: 'SPEC-1-x.md', text: ['# T', ...lines].join('\n') }], { tree });
  return claims[0]?.claims.map(({ mode, pattern }) => `${mode} ${pattern}`);
}

const expected = ['read docs/ROADMAP.md', 'write src/a.py'];

describe('a file that is only read, among those that change', () => {
  it.each([
    'Read',
    'Reads',
    'Reference',
    'See',
    'See also',
    'Based on',
    'Context',
    'Input',
    'Consult',
    '**Read first**',
    '_Review_',
  ])('says so by the label "%s"', (label) => {
    expect(claims('**Files**:', `- ${label}: \`docs/ROADMAP.md\``, '- Write: `src/a.py`')).toEqual(expected);
    expect(claims('## Files', `- ${label}: docs/ROADMAP.md`, '- Modify: src/a.py')).toEqual(expected);
    expect(claims('Files:', `- ${label}:`, '  - `docs/ROADMAP.md`', '- Write:', '  - `src/a.py`')).toEqual(
      expected,
    );
  });

  it.each([
    '- Read `docs/ROADMAP.md` first',
    '- `docs/ROADMAP.md` (read)',
    '- docs/ROADMAP.md (reference)',
    '- See `docs/ROADMAP.md` for the order',
  ])('says so in the entry "%s"', (entry) => {
    expect(claims('## Files to modify', entry, '- `src/a.py`')).toEqual(expected);
  });

  it('is read by a label outside of lists, too, right before the path', () => {
    expect(claims('Based on: `docs/ROADMAP.md`', '- Update `src/a.py`')).toEqual(expected);
    expect(claims('Context: the parser in `src/a.py` is slow.')).toEqual(['write src/a.py']);
  });
});

describe('what is done to a file, among those that are read', () => {
  it.each([
    ['Create: `src/new.py`', 'create src/new.py'],
    ['Modify: `src/a.py`', 'write src/a.py'],
    ['Delete: `src/a.py`', 'delete src/a.py'],
    ['Test: `tests/test_a.py`', 'write tests/test_a.py'],
    ['Output: `docs/out.md`', 'create docs/out.md'],
  ])('says so by the label of "%s"', (entry, claim) => {
    expect(claims('**Files**:', '- Read: `src/b.py`', `- ${entry}`)).toEqual(['read src/b.py', claim]);
  });

  it('goes on behind a list within the list', () => {
    const nested = [
      '**Files**:',
      '- Read:',
      '  - `src/b.py`',
      '- `src/a.py`',
      '- Test:',
      '  - tests/test_a.py',
    ];
    expect(claims(...nested)).toEqual(['read src/b.py', 'write src/a.py', 'write tests/test_a.py']);
  });
});
