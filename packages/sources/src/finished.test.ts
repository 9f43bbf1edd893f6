import { englishVocabulary } from '@pwt/separator';
import { describe, expect, it } from 'vitest';
import { finishedBy } from './finished.js';

const finished = (files: Readonly<Record<string, string>>, searched?: string) =>
  finishedBy(
    Object.entries(files).map(([path, text]) => ({ path, text, hash: '' })),
    englishVocabulary,
    searched,
  );

describe('a task of several files', () => {
  it('goes by the file that introduces it', () => {
    expect(finished({ 'S/api.md': '', 'S/README.md': 'Status: Done' })).toBe('S/README.md:1 says "Done"');
    expect(finished({ 'S/README.md': '# A', 'S/design.md': '**Status**: Complete' })).toBeUndefined();
  });

  it('is not finished while another file says otherwise', () => {
    expect(finished({ 'S/README.md': 'Status: Done', 'S/api.md': 'Status: In progress' })).toBeUndefined();
  });
});

it('takes a folder for the mark, but not the one that was searched', () => {
  expect(finished({ 'specs/Done/SPEC-1-a.md': '# A' })).toBe('specs/Done/SPEC-1-a.md is in specs/Done');
  expect(finished({ 'specs/archive/SPEC-1-a.md': '# A' }, 'specs/archive')).toBeUndefined();
  expect(finished({ 'archive/specs/done/x/SPEC-1-a.md': '# A' }, 'archive/specs')).toContain('done');
});
