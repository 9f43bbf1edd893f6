import { spec } from '../../support/pwt.js';
import { type BringAbout, expectSome, run } from './stage.js';

/** An agent that leaves a file and fails, unless `../ready-<id>` is there. */
const failing = (id: number) => [`@write left-${id}.txt uncommitted`, `@delete ../ready-${id}`, '@claims'];

/** Runs in which tasks have ended in every way but the good one. */
export const ended: Readonly<Record<string, BringAbout>> = {
  'held-by-audit': async (bench) => {
    const files = {
      ...spec(1, 'one.txt', '@claims', '@write elsewhere.txt too'),
      ...spec(2, 'two.txt', '@claims'),
      ...spec(3, 'three.txt', '**Dependencies**: 1', '@claims'),
    };
    await run(bench, files, ['--audit', 'strict', '--max-instances', '2']);
    await expectSome(bench, 'claims-audited', 'task-finished', 'run-finished');
  },

  'ended-badly': async (bench) => {
    const files = {
      ...spec(1, 'one.txt', ...failing(1)),
      ...spec(2, 'two.txt', '**Dependencies**: 1', '@claims'),
      // Both change a file that neither claims, from the same base.
      ...spec(3, 'three.txt', '@signal ../begun-3', '@wait ../begun-4', '@write both.txt three', '@claims'),
      ...spec(4, 'four.txt', '@signal ../begun-4', '@wait ../begun-3', '@write both.txt four', '@claims'),
      ...spec(5, 'bad.txt', '@claims'),
      ...spec(6, 'six.txt', '@say nothing to do'),
      ...spec(7, 'seven.txt', '@signal ../begun-7', '@wait ../never'),
    };
    const args = ['--max-instances', '7', '--gate', 'test ! -e bad.txt', '--timeout', '3s'];
    await run(bench, files, args);
    await expectSome(bench, 'integrate-conflicted', 'snapshot-taken', 'warning', 'landed');
  },

  // Retried, and reopened, without success.
  continued: async (bench) => {
    const files = {
      ...spec(1, 'one.txt', ...failing(1)),
      ...spec(2, 'two.txt', '@claims', '@write elsewhere.txt too'),
    };
    await run(bench, files, ['--audit', 'strict']);
    await bench.pwt(['retry', '1']);
    await expectSome(bench, 'run-resumed', 'task-requeued', 'task-reopened', 'run-finished');
  },
};
