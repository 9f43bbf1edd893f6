import { describe, expect, it } from 'vitest';
import { separateSpecs } from '../separate-specs.js';
import { readFrontMatter } from './front-matter.js';

function read(...lines: readonly string[]) {
  const { claims, diagnostics } = readFrontMatter(['---', ...lines, '---', '# T'].join('\n'), 'SPEC-1-x.md');
  return {
    claims: claims.map(({ mode, pattern, place }) => `${place?.line} ${mode} ${pattern}`),
    reports: diagnostics.map(({ code, line }) => `${line} ${code}`),
  };
}

describe('files in front matter', () => {
  it('may be written as people write paths', () => {
    expect(read('files: [src\\a.ts, ./src/b.ts, "src/c.ts:12", "src/d.ts:3-9"]').claims).toEqual([
      '2 write src/a.ts',
      '2 write src/b.ts',
      '2 write src/c.ts',
      '2 write src/d.ts',
    ]);
    expect(read("files: ['app/\\[id]/page.tsx', 'a\\*b']").claims).toEqual([
      '2 write app/\\[id]/page.tsx',
      '2 write a\\*b',
    ]);
  });

  it('are reported where they are no paths', () => {
    expect(
      read('files:', '  - src/a.ts', '  - path: src/b.ts', '    mode: create', 'reads: &r [x.md]'),
    ).toEqual({
      claims: ['3 write src/a.ts', '6 read x.md'],
      reports: ['4 PWT_FRONT_MATTER_INVALID'],
    });
    expect(read('reads: &r [x.md]', 'files: *r').reports).toEqual(['3 PWT_FRONT_MATTER_INVALID']);
  });

  it('may be left open', () => {
    expect(read('files:', 'reads: []')).toEqual({ claims: [], reports: [] });
  });
});

describe('front matter that is not closed', () => {
  it('is reported', () => {
    const { diagnostics } = readFrontMatter('---\nfiles: [src/a.ts]\n# T\n', 'SPEC-1-x.md');
    expect(diagnostics).toMatchObject([{ code: 'PWT_FRONT_MATTER_INVALID', path: 'SPEC-1-x.md', line: 1 }]);
    const long = `---\nfiles:\n${'  - src/a.ts\n'.repeat(9000)}---\n`;
    expect(readFrontMatter(long, 'SPEC-1-x.md').diagnostics).toHaveLength(1);
  });

  it('is none where the line of dashes is a rule', () => {
    expect(readFrontMatter('---\n\n# T\n', 'SPEC-1-x.md').diagnostics).toEqual([]);
    expect(readFrontMatter('---\nSome text: more\n', 'SPEC-1-x.md').diagnostics).toEqual([]);
  });
});

it('has the last word on what is only read', () => {
  const text = '---\nreads: [src/lib/]\n---\n# T\n- Update `src/lib/a.ts`\n- Update `src/b.ts`\n';
  const tree = ['src/lib/a.ts', 'src/b.ts'];
  const { claims } = separateSpecs([{ path: 'SPEC-1-x.md', text }], { tree });
  expect(claims[0]?.claims.map(({ mode, pattern }) => `${mode} ${pattern}`)).toEqual([
    'read src/lib/',
    'write src/b.ts',
  ]);
});
