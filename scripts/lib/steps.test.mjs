import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runSteps } from './steps.mjs';
import { ROOT } from './workspace.mjs';

/** @type {string[]} */
let lines = [];

beforeEach(() => {
  lines = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  return () => log.mockRestore();
});

const passing = { name: 'passing', command: 'node --version' };
const failing = { name: 'failing', command: 'node --no-such-flag' };

describe('runSteps', () => {
  it('goes on after a failure and shows what the failed command printed', async () => {
    expect(await runSteps([failing, passing], process.env)).toEqual({ passed: 1, failed: 1 });
    expect(lines.join('\n')).toMatch(/✗ failing[\s\S]*no-such-flag[\s\S]*✓ passing/);
  });

  it('fails what needs a failed step without running it', async () => {
    const needy = { ...passing, name: 'needy', needs: ['failing'] };
    expect(await runSteps([failing, needy], process.env)).toEqual({ passed: 0, failed: 2 });
    expect(lines.join('\n')).toContain('not run: it needs "failing"');
  });

  it('fails a command that does not exist', async () => {
    expect(await runSteps([{ name: 'missing', command: 'pwt-no-such-command' }], process.env)).toEqual({
      passed: 0,
      failed: 1,
    });
  });

  it('counts what a command reports, and never the report of an earlier run', async () => {
    const results = 'node_modules/.cache/pwt/steps-test.json';
    const counting = { results, writes: [results], count: (/** @type {any} */ report) => report };
    mkdirSync(dirname(join(ROOT, results)), { recursive: true });
    writeFileSync(join(ROOT, results), '{"passed": 7, "failed": 0}');
    const silent = { ...passing, ...counting };
    expect(await runSteps([silent], process.env)).toEqual({ passed: 0, failed: 1 });

    writeFileSync(join(ROOT, results), '{"passed": 7, "failed": 0}');
    const reporting = { ...passing, ...counting, writes: [] };
    expect(await runSteps([reporting], process.env)).toEqual({ passed: 7, failed: 0 });
    expect(await runSteps([{ ...failing, ...counting, writes: [] }], process.env)).toEqual({
      passed: 7,
      failed: 1,
    });

    writeFileSync(join(ROOT, results), '{"passed": 7, "failed": 0, "notes": ["2 skipped: no browser"]}');
    await runSteps([reporting], process.env);
    expect(lines.at(-1)).toBe('  2 skipped: no browser');
  });
});
