import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedAgent, spec } from '../../support/pwt.js';
import { type BringAbout, eventsOf, expectSome, run } from './stage.js';

const filler = (id: number) => spec(id, `filler-${id}.txt`, '@claims');

/** Runs that have much to tell: why tasks wait, what agents say, what was found. */
export const said: Readonly<Record<string, BringAbout>> = {
  // 1 holds a.txt until 2, which needs it, has been passed over so often that its claims are reserved.
  waiting: async (bench) => {
    const files = {
      ...spec(1, 'a.txt', '@wait ../go', '@claims'),
      ...spec(2, 'a.txt', '**File**: `b.txt`', '@claims'),
      ...[3, 4, 5, 6, 7].reduce((all, id) => Object.assign(all, filler(id)), {}),
      ...spec(8, 'b.txt', '**Dependencies**: 3, 4, 5, 6, 7', '@append b.txt eight'),
      ...spec(9, 'nine.txt', '**Dependencies**: 1', '@claims'),
    };
    await run(bench, files, ['--max-instances', '2'], async (line) => {
      const { by } = line as { by?: { kind: string } };
      if (by?.kind === 'reserved') await writeFile(join(bench.repository.parent, 'go'), '');
    });
    await expectBlockers(bench, 'claim', 'reserved', 'dependency');
  },

  'busy-machine': async (bench) => {
    const files = {
      ...spec(1, 'one.txt', '@wait ../go', '@claims'),
      ...spec(2, 'two.txt', '@claims'),
      ...spec(3, 'three.txt', '@claims'),
    };
    await run(bench, files, ['--max-memory-percent', '1'], async (line) => {
      const { by } = line as { by?: { kind: string } };
      if (by?.kind === 'resources') await writeFile(join(bench.repository.parent, 'go'), '');
    });
    await expectBlockers(bench, 'resources');
    await expectSome(bench, 'admission-paused', 'resources-sampled');
  },

  // One spec names no file, the other one a task that is not there.
  'plan-findings': async (bench) => {
    const files = {
      'specs/SPEC-1-task.md': '# SPEC-1: Somewhere\n\n@write one.txt done\n',
      ...spec(2, 'two.txt', '**Dependencies**: 77', '@claims'),
    };
    await run(bench, files, ['--max-instances', '2']);
    const planned = (await eventsOf(bench)).find(({ type }) => type === 'run-planned');
    const told = planned?.diagnostics as readonly { readonly taskId?: string }[];
    if (!told.some(({ taskId }) => taskId !== undefined)) throw new Error('the plan has found nothing');
  },

  'agents-say': async (bench) => {
    const folder = join(bench.repository.parent, 'agents');
    await mkdir(folder);
    const [node = '', agent = ''] = scriptedAgent;
    const events = [
      { type: 'system', subtype: 'init', session_id: 's-1' },
      {
        type: 'result',
        subtype: 'success',
        session_id: 's-1',
        total_cost_usd: 0.25,
        usage: { input_tokens: 1200, output_tokens: 340 },
      },
    ];
    const [first, last] = events.map((event) => `printf '%s\\n' '${JSON.stringify(event)}'`);
    const program = `#!/bin/sh\n${first}\n'${node}' '${agent}' || exit\n${last}\n`;
    await writeFile(join(folder, 'claude'), program);
    await chmod(join(folder, 'claude'), 0o755);
    bench.prependPath(folder);
    const files = {
      '.gitignore': 'secret.env\n',
      ...spec(1, 'one.txt', '@claims', '@write secret.env ignored', '@write one.txt done'),
    };
    await run(bench, files, ['--agent', 'claude', '--no-merge'], undefined, []);
    await expectSome(bench, 'agent-activity', 'run-finished');
  },
};

async function expectBlockers(bench: Parameters<BringAbout>[0], ...kinds: readonly string[]): Promise<void> {
  const found = (await eventsOf(bench)).map(({ by }) => (by as { kind: string } | undefined)?.kind);
  const missing = kinds.filter((kind) => !found.includes(kind));
  if (missing.length > 0) throw new Error(`nothing waits because of ${missing.join(', ')}`);
}
