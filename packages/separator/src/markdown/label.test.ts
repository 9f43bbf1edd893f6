import { describe, expect, it } from 'vitest';
import { splitLabel, unwrapLabelled } from './label.js';

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
    ['*File*: a.ts', { label: 'File', value: 'a.ts' }],
    ['_File:_ a.ts', { label: 'File', value: 'a.ts' }],
    ['_**Files**_ (new): a.ts', { label: 'Files', value: 'a.ts' }],
    ['***Files:*** a.ts', { label: 'Files', value: 'a.ts' }],
    ['_files_modified_: a.ts', { label: 'files_modified', value: 'a.ts' }],
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

describe('unwrapLabelled', () => {
  it.each([
    ['_Files: src/storage.ts_', 'Files: src/storage.ts'],
    ['*Files: `a.ts`, src/my_file.ts*', 'Files: `a.ts`, src/my_file.ts'],
    ['**Files: src/*.ts**', 'Files: src/*.ts'],
    ['**_Files: a.ts_**.', 'Files: a.ts'],
  ])('takes the emphasis off %s', (body, inner) => {
    expect(unwrapLabelled(body)).toBe(inner);
  });

  it.each([
    '**Files:** `a.ts` and **b**',
    '*Files: src/**',
    '_private_',
    '__init__.py: a_',
    'Files: a.ts',
    '*.ts: x*',
  ])('leaves %s alone', (body) => {
    expect(unwrapLabelled(body)).toBe(body);
  });
});
