import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spec } from '../../support/pwt.js';
import { type BringAbout, expectLast, expectSome, fileExists, run, runUntilDeath } from './stage.js';

/** Two tasks, of which the second needs the first. */
const TWO = {
  ...spec(1, 'one.txt', '@claims', '@commit one'),
  ...spec(2, 'two.txt', '**Dependencies**: 1', '@claims'),
};

const ONE = spec(1, 'one.txt', '@claims', '@commit one');

/** Passes where the work is; what it ran on is in its log. */
const GATE = ['--gate', 'test -e one.txt'];

/** Runs that are over or nearly: tested, and on the target or not. */
export const landing: Readonly<Record<string, BringAbout>> = {
  landed: async (bench) => {
    await run(bench, TWO, GATE);
    await expectSome(bench, 'gate-finished', 'landed', 'workspace-removed', 'run-finished');
  },

  'landing-off': async (bench) => {
    await run(bench, TWO, [...GATE, '--no-merge']);
    await expectLast(bench, 'run-finished');
  },

  'landing-refused': async (bench) => {
    await bench.repository.write({ 'shared.txt': 'start\n' });
    await bench.repository.commitAll('shared');
    const files = spec(1, 'shared.txt', '@write shared.txt done');
    await bench.repository.write(files);
    await bench.repository.commitAll('specs');
    await bench.repository.write({ 'shared.txt': 'mine\n' });
    await bench.run(['--yes', '--gate', 'grep -q done shared.txt']);
    await expectSome(bench, 'land-refused', 'warning', 'run-finished');
  },

  'killed-in-gate': async (bench) => {
    const { parent } = bench.repository;
    // The gate of the recorded run waits; that of the resumed one finds the file.
    const gate = 'touch ../gate-begun; until test -e ../go; do sleep 0.1; done; test -e one.txt';
    await run(bench, ONE, ['--gate', gate], async (line, child) => {
      if (line.type !== 'gate-started') return;
      await fileExists(join(parent, 'gate-begun'));
      child.kill('SIGKILL');
    });
    await writeFile(join(parent, 'go'), '');
    await expectLast(bench, 'gate-started');
  },

  'killed-before-advance': async (bench) => {
    await runUntilDeath(bench, { command: 'update-ref', nth: 4, moment: 'start' }, ONE, GATE);
    await expectLast(bench, 'gate-finished');
  },

  'killed-after-advance': async (bench) => {
    await runUntilDeath(bench, { command: 'update-ref', nth: 4, moment: 'end' }, ONE, GATE);
    await expectLast(bench, 'gate-finished');
  },

  'killed-before-landing': async (bench) => {
    await runUntilDeath(bench, { command: 'merge', nth: 1, moment: 'start' }, ONE, GATE);
    await expectLast(bench, 'land-started');
  },

  'killed-after-landing': async (bench) => {
    await runUntilDeath(bench, { command: 'merge', nth: 1, moment: 'end' }, ONE, GATE);
    await expectLast(bench, 'land-started');
  },
};
