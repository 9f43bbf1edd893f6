import { rmSync } from 'node:fs';
import { AT_ONCE, pwt, ralphy, shellLoop } from './peers/contenders.mjs';
import { faults } from './peers/faults.mjs';
import { installRalphy } from './peers/install.mjs';
import { interventions } from './peers/interventions.mjs';
import { equalTasks, unevenTasks } from './peers/timing.mjs';

/**
 * What else has agents work on tasks at the same time, beside pwt: whole processes, from Enter to the prompt, in turns.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const peers = {
  name: 'peers',
  onlyByName: true,
  async run({ rounds }) {
    const installed = installRalphy();
    try {
      const all = [pwt(), shellLoop(), typeof installed === 'string' ? installed : ralphy(installed)];
      const contenders = all.filter((one) => typeof one !== 'string');
      const missing = all.filter((one) => typeof one === 'string');
      const tables = [
        await equalTasks(contenders, rounds ?? 3),
        await unevenTasks(contenders, rounds ?? 1),
        await faults(contenders),
        await interventions(contenders),
      ];
      const note = [`${AT_ONCE} agents at once.`, ...missing].join(' ');
      return tables.map((table) => ({ ...table, note: [table.note, note].filter(Boolean).join(' ') }));
    } finally {
      if (typeof installed !== 'string') rmSync(installed.folder, { recursive: true, force: true });
    }
  },
};
