import { describe, expect, it } from 'vitest';
import { parseDurationMs } from './duration.js';
import { parseSpec } from './parse-spec.js';

const HOUR_MS = 3_600_000;
const parse = (...lines: readonly string[]) => parseSpec(lines.join('\n'), 'specs/SPEC-1-a.md');
const ids = (...lines: readonly string[]) => parse(...lines).dependsOn.map(({ id }) => id);

describe('title', () => {
  it.each([
    ['# SPEC-020: Talk to the manager', 'Talk to the manager'],
    ['# Task: KB-025 - Add a `model`', 'Add a model'],
    ['# Plain', 'Plain'],
    ['# SPEC-NEXT: Later', 'SPEC-NEXT: Later'],
    ['no heading', undefined],
  ])('of %j is %j', (line, title) => {
    expect(parse(line).title).toBe(title);
  });
});

describe('estimate', () => {
  it.each([
    ['**Estimated Effort**: 2-3 days', 20],
    ['**Estimated Effort:** 4 hours', 4],
    ['- **Estimated Duration**: 1 week (5 days)', 40],
    ['**Time Estimate**: ~90 minutes', 1.5],
    ['Estimate: 1.5h', 1.5],
    ['**Effort**: 3 story points', undefined],
    ['It takes 3 hours', undefined],
  ])('of %j is %s hours', (line, hours) => {
    const { estimateMs } = parse('# A', line);
    expect(estimateMs === undefined ? undefined : estimateMs / HOUR_MS).toBe(hours);
  });

  it('takes the middle of a range', () => {
    expect(parseDurationMs('1 to 3 h')).toBe(2 * HOUR_MS);
  });
});

describe('dependencies', () => {
  it.each([
    ['**Dependencies**: SPEC-020, US-021 and PRIORITY 2.6', ['20', '21', '2-6']],
    ['**Depends on**: 20, 21', ['20', '21']],
    ['- **Blocked by**: SPEC-7 (auth)', ['7']],
    ['**Dependencies**: None', []],
    ['**Dependencies**: SPEC-020 (complete ✅)', []],
    ['**Blocks**: SPEC-020', []],
    ['**Dependencies**: Python 3.11, httpx 0.27', []],
    ['See SPEC-020.', []],
  ])('in %j are %j', (line, expected) => {
    expect(ids('# A', line)).toEqual(expected);
  });

  it('are read from a section', () => {
    expect(
      ids(
        '# A',
        '## Dependencies',
        '- SPEC-020: login',
        '- 21',
        '- [x] SPEC-022',
        '- Enables SPEC-030',
        '## End',
        '- SPEC-9',
      ),
    ).toEqual(['20', '21']);
  });

  it('are read from a list under a label', () => {
    expect(ids('# A', '**Dependencies**:', '- SPEC-020', '- SPEC-021')).toEqual(['20', '21']);
  });

  it('are not those of a part of the task', () => {
    expect(ids('# A', '## Examples', '- Dependencies: US-050, US-060')).toEqual([]);
  });

  it('come with their lines', () => {
    expect(parse('# A', '', '**Dependencies**: SPEC-020').dependsOn).toEqual([{ id: '20', line: 3 }]);
  });
});

describe('front matter', () => {
  it('wins over the text, with the line of each entry', () => {
    const spec = parse(
      ...['---', 'id: US-007', 'title: "From the front"', 'priority: 3', 'estimate: 90m'],
      ...[
        'depends_on: [SPEC-020, 21]',
        'files:',
        '  - src/a.ts',
        '  - src/b/*',
        'reads: docs/x.md',
        'creates: [new.ts]',
        '---',
      ],
      ...['# SPEC-1: Other', '**Dependencies**: SPEC-99', '**Estimated Effort**: 9 days'],
    );
    expect(spec).toMatchObject({ id: '7', title: 'From the front', priority: 3, estimateMs: 1.5 * HOUR_MS });
    expect(spec.dependsOn).toEqual([
      { id: '20', line: 6 },
      { id: '21', line: 6 },
    ]);
    expect(spec.declared.map(({ pattern, mode, place }) => [pattern, mode, place?.line])).toEqual([
      ['src/a.ts', 'write', 8],
      ['src/b/*', 'write', 9],
      ['docs/x.md', 'read', 10],
      ['new.ts', 'create', 11],
    ]);
  });

  it('takes one path, several in a line, and a map of modes', () => {
    expect(parse('---', 'files: a.ts, b.ts', '---').declared.map(({ pattern }) => pattern)).toEqual([
      'a.ts',
      'b.ts',
    ]);
    const map = parse('---', 'scope:', '  write: [a.ts]', '  delete: b.ts', '---').declared;
    expect(map.map(({ pattern, mode }) => [pattern, mode])).toEqual([
      ['a.ts', 'write'],
      ['b.ts', 'delete'],
    ]);
  });

  it('reports what is wrong with it and goes on with the text', () => {
    const spec = parse('---', 'title: [', '---', '# SPEC-1: Fine');
    expect(spec.title).toBe('Fine');
    expect(spec.diagnostics).toMatchObject([{ code: 'PWT_FRONT_MATTER_INVALID', path: 'specs/SPEC-1-a.md' }]);
    expect(spec.diagnostics[0]?.message).not.toContain('column');
  });

  it.each([
    ['/etc/passwd', 'PWT_PATTERN_ABSOLUTE'],
    ['../x', 'PWT_PATTERN_OUTSIDE'],
  ])('refuses %s', (path, code) => {
    const spec = parse('---', 'title: x', `files: ["${path}", ok.ts]`, '---');
    expect(spec.declared.map(({ pattern }) => pattern)).toEqual(['ok.ts']);
    expect(spec.diagnostics).toMatchObject([{ code, line: 3 }]);
  });

  it('is not a rule in the middle of the text', () => {
    expect(parse('# A', '---', 'files: x.ts', '---').declared).toEqual([]);
  });
});
