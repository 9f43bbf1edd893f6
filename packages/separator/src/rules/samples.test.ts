import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';

const tree = ['README.md', 'src/f.ts'];

function patterns(...lines: readonly string[]) {
  const { claims } = separateSpecs([{ path: 'SPEC-1-x.md', text: ['# T', ...lines].join('\n') }], { tree });
  return claims[0]?.claims.map(({ pattern }) => pattern);
}

const files = ['**Files**:', '- `src/f.ts`', ''];

describe('what is shown as an example', () => {
  it.each(['**Expected Output**:', '_Example output:_', '**Sample output:**', '**Transcript**:'])(
    'is no claim below %s',
    (label) => {
      expect(patterns(...files, label, '- Files created: README.md, phase1.md')).toEqual(['src/f.ts']);
      expect(patterns(...files, label, '', 'Files created: README.md, phase1.md', 'Updated: x.md')).toEqual([
        'src/f.ts',
      ]);
    },
  );

  it('is no claim below a heading', () => {
    for (const title of ['## Expected output', '### Example output', 'Console output\n---'])
      expect(patterns(...files, title, '', 'Files created: README.md, phase1.md')).toEqual(['src/f.ts']);
  });

  it.each([
    ['```console', 'README.md', 'phase1.md'],
    ['```', '$ make', '# phase1.md'],
    ['```shell-session', 'src/', '└── phase1.md'],
  ])('is no claim in the terminal %s', (...lines) => {
    expect(patterns('## Files created', '- `src/f.ts`', ...lines, '```')).toEqual(['src/f.ts']);
  });

  it('ends where something else begins', () => {
    const after = ['**Expected Output**:', '- Files created: x.md', '', '**File**: `README.md`'];
    expect(patterns(...files, ...after)).toEqual(['src/f.ts', 'README.md']);
  });
});

describe('the caption of a tree', () => {
  it.each(['Level 2: Phase Documents (phaseN-*.md)', 'Phase documents', 'Outputs:'])(
    'is no folder: %s',
    (caption) => {
      const lines = ['```', caption, '  ├── phase1-foundation.md (60 lines)', '  └── phase2.md', '```'];
      expect(patterns(...lines)).toEqual(['**']);
    },
  );

  it('stands above folders, too', () => {
    const lines = ['```', 'Project structure:', 'src/', '├── Core parts: a group', '│   └── new.ts', '```'];
    expect(patterns(...lines)).toEqual(['src/new.ts']);
    expect(patterns('```', 'New files:', '├── src/x.ts', '└── y.ts', '```')).toEqual(['src/x.ts', 'y.ts']);
  });
});
