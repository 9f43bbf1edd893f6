import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const spec = (id: number, ...lines: readonly string[]): Record<string, string> => ({
  [`specs/SPEC-${id}-task.md`]: [`# Task ${id}`, '', ...lines, ''].join('\n'),
});

const clean = {
  'src/index.ts': '',
  'src/a.ts': '',
  ...spec(21, '**Files**: `src/a.ts`, `src/index.ts`'),
  ...spec(34, '**File**: `src/index.ts`'),
  ...spec(40, '**Files to create**:', '', '- `src/new.ts`'),
};

describe('pwt plan --check', () => {
  it('is silent and succeeds where nothing is wrong', async () => {
    bench = await Workbench.create(program, clean);
    expect(await bench.pwt(['plan', '--check'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('prints one finding a line with its place, sorted, and fails as it is told to', async () => {
    bench = await Workbench.create(program, {
      ...clean,
      ...spec(50, 'Make everything better.'),
      ...spec(51, '**Dependencies**: SPEC-52, SPEC-99', '', '**File**: `src/a.ts`'),
      ...spec(52, '**Dependencies**: SPEC-51', '', '**Files**: `lib/*.ts`'),
    });
    const { exitCode, stdout } = await bench.pwt(['plan', '--check']);
    const lines = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(1);
    for (const line of lines)
      expect(line).toMatch(/^specs\/SPEC-\d+-task\.md:\d+: (error|warning|info) PWT_\w+ ./);
    const brief = lines.map((line) =>
      line.replace(/^specs\/SPEC-(\d+)-task\.md:(\d+): (\w+) (\w+) .*/, '$1:$2 $3 $4'),
    );
    expect(brief).toEqual(
      expect.arrayContaining([
        '50:1 warning PWT_SCOPE_UNKNOWN',
        expect.stringMatching(/^51:\d+ error PWT_DEPENDENCY_CYCLE$/),
        '51:3 warning PWT_DEPENDENCY_UNKNOWN',
        '52:5 info PWT_GLOB_EMPTY',
      ]),
    );
    expect(brief.map((line) => line.split(':')[0])).toEqual(brief.map((line) => line.split(':')[0]).sort());
  });

  it('lets notes pass unless it is told not to, and warnings if it is told to', async () => {
    bench = await Workbench.create(program, { ...clean, ...spec(52, '**Files**: `lib/*.ts`') });
    const check = async (...flags: string[]) => (await bench.pwt(['plan', '--check', ...flags])).exitCode;
    expect(await check()).toBe(0);
    expect(await check('--fail-on', 'info')).toBe(1);
    await bench.repository.write({ 'specs/SPEC-50-x.md': '# Vague\n' });
    expect(await check()).toBe(1);
    expect(await check('--fail-on', 'error')).toBe(0);
    expect(await check('--fail-on', 'whatever')).toBe(2);
    const { exitCode, stdout } = await bench.pwt(['plan', '--check', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      failed: true,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'PWT_GLOB_EMPTY', path: 'specs/SPEC-52-task.md', line: 3 }),
      ]),
    });
  });
});

describe('pwt explain', () => {
  it('shows witness and both lines, for ids as people type them', async () => {
    bench = await Workbench.create(program, clean);
    const { exitCode, stdout } = await bench.pwt(['explain', 'US-021', '34']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('conflict: they never run at the same time');
    expect(stdout).toContain('src/index.ts  conflict: both change it');
    expect(stdout).toContain('  21  write src/index.ts  specs/SPEC-21-task.md:3');
    expect(stdout).toContain('      **File**: `src/index.ts`');
    const json = JSON.parse((await bench.pwt(['explain', '34', '40', '--json'])).stdout);
    expect(json).toMatchObject({
      schemaVersion: 1,
      tasks: [{ id: '34' }, { id: '40' }],
      verdict: 'independent',
      nearest: {
        folder: 'src',
        because: [
          { task: '34', line: 3 },
          { task: '40', line: 5 },
        ],
      },
      dependency: null,
    });
    expect(json.probability).toBeLessThan(0.5);
  });

  it('still knows a task that has landed', async () => {
    bench = await Workbench.create(program, clean);
    const work = 'echo more >> src/index.ts; git commit --quiet --all --message more';
    await bench.pwt(['run', '21', '--', 'sh', '-c', work]);
    expect((await bench.pwt(['plan', '--json'])).stdout).not.toContain('SPEC-21-task.md');
    const { exitCode, stdout } = await bench.pwt(['explain', '21', '34']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('src/index.ts  conflict: both change it');
  });

  it('takes two tasks that exist', async () => {
    bench = await Workbench.create(program, clean);
    expect(await bench.pwt(['explain', '21', '99'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/PWT_TASK_UNKNOWN.*\n.*pwt plan/),
    });
    for (const ids of [['21'], ['21', '21'], ['21', '34', '40']]) {
      expect(await bench.pwt(['explain', ...ids])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('PWT_USAGE'),
      });
    }
  });
});

describe('pwt plan', () => {
  it('says what to change to gain most', async () => {
    bench = await Workbench.create(program, clean);
    const { stdout } = await bench.pwt(['plan', '--max-instances', '4']);
    expect(stdout).toMatch(/1\. split `src\/index\.ts` out of 34: 1\.5 × → 3\.0 ×/);
    expect(stdout).toContain('   34  src/index.ts  specs/SPEC-34-task.md:3');
    const json = JSON.parse((await bench.pwt(['plan', '--max-instances', '4', '--format', 'json'])).stdout);
    expect(json.advice).toMatchObject([
      { kind: 'split', paths: ['src/index.ts'], tasks: ['34'], keptBy: ['21'] },
    ]);
    expect(json.contested).toMatchObject([{ path: 'src/index.ts', tasks: ['21', '34'] }]);
  });

  it('prints Mermaid and one page of HTML', async () => {
    bench = await Workbench.create(program, clean);
    expect((await bench.pwt(['plan', '--format', 'mermaid'])).stdout).toMatch(/^```mermaid\nflowchart LR\n/);
    expect((await bench.pwt(['plan', '--format', 'html'])).stdout).toMatch(
      /^<!doctype html>[\s\S]*<\/html>\n$/,
    );
    expect((await bench.pwt(['plan', '--format', 'pdf'])).exitCode).toBe(2);
  });
});
