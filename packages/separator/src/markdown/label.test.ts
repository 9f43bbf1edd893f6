import { describe, expect, it } from 'vitest';
import { splitLabel } from './label.js';

describe('splitLabel', () => {
  it.each([
    ['**File**: `a.ts`', { label: 'File', value: '`a.ts`' }],
    ['**File:** a.ts', { label: 'File', value: 'a.ts' }],
    ['**Files** (new): a.ts', { label: 'Files', value: 'a.ts' }],
    ['__Fichier__ : a.ts', { label: 'Fichier', value: 'a.ts' }],
    ['File: a.ts', { label: 'File', value: 'a.ts' }],
    ['**文件**：`a.ts`', { label: '文件', value: '`a.ts`' }],
    ['**ファイル：** a.ts', { label: 'ファイル', value: 'a.ts' }],
    ['文件：a.ts', { label: '文件', value: 'a.ts' }],
    ['Files:', { label: 'Files', value: '' }],
  ])('splits %s', (body, expected) => {
    expect(splitLabel(body)).toEqual(expected);
  });

  it.each(['src/a.ts:12', 'https://x.org', '**File** a.ts', '`a: b`', `${'x'.repeat(70)}: y`])(
    'leaves %s alone',
    (body) => {
      expect(splitLabel(body)).toBeUndefined();
    },
  );
});
