import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runSteps } from './steps.mjs';
import { ROOT } from './workspace.mjs';

/** @type {string[]} */
let lines = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pwt-steps-'));
  return () => rmSync(folder, { recursive: true });
});

beforeEach(() => {
  lines = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  return () => log.mockRestore();
});

const passing = { name: 'passing', command: 'node --version' };
const failing = { name: 'failing', command: 'node --no-such-flag' };

/**
 * @param {string} text
 * @returns {string} the path of a program with this text
 */
function program(text) {
  const path = join(folder, 'program.mjs');
  writeFileSync(path, text);
  return path;
}

describe('runSteps', () => {
  it('goes on after a failure and shows what the failed command printed', async () => {
    expect(await runSteps([failing, passing], process.env)).toEqual({ passed: 1, failed: 1 });
    expect(lines.find((line) => line.startsWith('✗ failing'))).toContain('no-such-flag');
    expect(lines.filter((line) => line.startsWith('✓ passing'))).toHaveLength(1);
  });

  it('fails what needs a failed step without running it', async () => {
    const needy = { ...passing, name: 'needy', needs: ['failing'] };
    expect(await runSteps([failing, needy], process.env)).toEqual({ passed: 0, failed: 2 });
    expect(lines.join('\n')).toContain('not run: it needs "failing"');
  });

  it('runs two steps at a time', async () => {
    const waits = program(`
      import { existsSync, writeFileSync } from 'node:fs';
      const [own, other] = process.argv.slice(2);
      writeFileSync(own, '');
      const timer = setInterval(() => existsSync(other) && clearInterval(timer), 5);
    `);
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const steps = [
      { name: 'one', command: `node ${waits} ${one} ${other}` },
      { name: 'other', command: `node ${waits} ${other} ${one}` },
    ];
    expect(await runSteps(steps, process.env)).toEqual({ passed: 2, failed: 0 });
  });

  it('runs nothing beside a step that is to be alone', async () => {
    const log = join(folder, 'log');
    const says = program(`
      import { execFileSync } from 'node:child_process';
      import { appendFileSync } from 'node:fs';
      const [log, name] = process.argv.slice(2);
      appendFileSync(log, name + ' begins\\n');
      // As long as another one takes to begin.
      execFileSync(process.execPath, ['--eval', '']);
      appendFileSync(log, name + ' ends\\n');
    `);
    const step = (/** @type {string} */ name) => ({ name, command: `node ${says} ${log} ${name}` });
    const steps = [step('first'), { ...step('alone'), alone: true }, step('last')];
    expect(await runSteps(steps, process.env)).toEqual({ passed: 3, failed: 0 });
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(
      ['first', 'alone', 'last'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
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
