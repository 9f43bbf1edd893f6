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

describe('paths under keys of other tools', () => {
  it.each([
    ['files_modified:\n  - src/b.ts', '3 write src/b.ts'],
    ['files-modified: [src/b.ts]', '2 write src/b.ts'],
    ['files_touched: ["src/b.ts (MODIFY)"]', '2 write src/b.ts'],
    ['affected_files: src/b.ts', '2 write src/b.ts'],
    ['paths: [src/**]', '2 write src/**'],
    ['target_files: [Makefile.am, src/b.ts:10-20]', '2 write Makefile.am,2 write src/b.ts'],
    ['outputs: [dist/a.js, A working login]', '2 write dist/a.js'],
    ['files_touched: [src/new.ts (new file)]', '2 create src/new.ts'],
    ['files_created: [src/new.ts]', '2 create src/new.ts'],
    ['files_to_delete: [src/old.ts]', '2 delete src/old.ts'],
    ['context_files: [docs/a.md]', '2 read docs/a.md'],
    ['files_touched: 13', ''],
    ['outputs: [https://example.org/a.js]', ''],
  ])('%j', (lines, claims) => {
    expect(read(...lines.split('\n'))).toEqual({
      claims: claims === '' ? [] : claims.split(','),
      reports: [],
    });
  });

  it('are named where the key is not known, and not where it is about something else', () => {
    expect(read('touch_points: [src/a.ts, src/b/]').reports).toEqual(['2 PWT_FRONT_MATTER_KEY']);
    for (const line of ['related: [docs/a.md]', 'labels: [area/ui, kind/bug]', 'reviewers: [a, b]', 'x: []'])
      expect(read(line)).toEqual({ claims: [], reports: [] });
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

describe('runs-on in front matter', () => {
  const of = (...lines: readonly string[]) =>
    readFrontMatter(['---', 'title: T', ...lines, '---', '# T'].join('\n'), 'SPEC-1-x.md');

  it.each([
    ['runs-on: {gpu: "1", python: 3.10}'],
    ['runs_on: [gpu=1, python=3.10]'],
    ['runsOn: gpu=1, python=3.10'],
    ['runs-on:\n  gpu: 1\n  python: 3.10'],
  ])('is read from %j as it is written', (text) => {
    const { runsOn, diagnostics } = of(text);
    expect(runsOn).toEqual({ gpu: '1', python: '3.10' });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['runs-on: linux', '`runs-on` is left out: "linux" is no label: write name=value.'],
    ['runs_on: {gpu: [1]}', '`runs_on` is left out: the label "gpu" has no plain value.'],
  ])('is reported with its line: %j', (text, message) => {
    const { runsOn, diagnostics } = of(text);
    expect(runsOn).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: 'PWT_RUNS_ON_INVALID', severity: 'warning', path: 'SPEC-1-x.md', line: 3, message },
    ]);
  });

  it('becomes a part of the task', () => {
    const text = '---\nruns-on: gpu=1\n---\n# One\n\n**File**: `a.ts`\n';
    const { tasks } = separateSpecs([{ path: 'specs/SPEC-1-one.md', text }]);
    expect(tasks[0]?.runsOn).toEqual({ gpu: '1' });
  });
});
