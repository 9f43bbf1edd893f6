import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executableConfigKeys } from '@pwt/git';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, spec, Workbench } from './support/pwt.js';

const PROVE = process.env.PWT_PROVE === '1';
const PLANTING = fileURLToPath(new URL('support/planting-agent.mjs', import.meta.url));

/** Every command, in an order in which each finds something to do. */
const commands: readonly (readonly string[])[] = [
  ['status'],
  ['plan'],
  ['diff'],
  ['diff', '--stat'],
  ['logs'],
  ['logs', '--gate'],
  ['doctor'],
  ['land'],
  ['resume'],
  ['retry', '1', '2', '3'],
  ['restore', '--list'],
  ['restore', '1'],
  ['restore', '1', '--to', '../restored-1'],
  ['restore', '2', '--to', '../restored-2'],
  runArguments(['--yes', '--', 'true']),
  ['clean', '--dry-run'],
  ['clean', '--force-dirty', '--force-unmerged'],
  ['doctor', '--fix'],
  ['stop'],
];

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

/** Has agents plant these keys wherever they can write, then runs every command. */
async function plantAndRun(keys: readonly string[]): Promise<string[]> {
  const files = [1, 2, 3].map((id) => spec(id, `work-${id}.txt`));
  const bench = await Workbench.create(program, Object.assign({ 'a.txt': 'a\n' }, ...files));
  try {
    const folder = join(bench.repository.parent, 'planted');
    const ran = () => readdirSync(join(folder, 'ran'));
    mkdirSync(join(folder, 'ran'), { recursive: true });
    const agent = [process.execPath, PLANTING, folder, JSON.stringify(keys)];
    const run = await bench.run(['--max-instances', '1', '--gate', 'true'], agent);
    expect(`${run.stdout}${run.stderr}`).not.toContain('PWT_INTERNAL');
    expect(readdirSync(folder).filter((name) => name.startsWith('planted-'))).toHaveLength(3);
    const found = ran().map((name) => `run: ${name}`);
    for (const command of commands) {
      // Of the same size as before, so that git has to read it through its filter.
      writeFileSync(join(bench.repository.path, 'a.txt'), 'b\n');
      const before = new Set(ran());
      const { stdout, stderr } = await bench.pwt(command);
      expect(`${stdout}${stderr}`, command.join(' ')).not.toContain('PWT_INTERNAL');
      found.push(...ran().flatMap((name) => (before.has(name) ? [] : [`${command.join(' ')}: ${name}`])));
    }
    if (keys.includes('filter.*.clean')) {
      // What was planted is alive: git itself runs it.
      execFileSync('git', ['status'], { cwd: bench.repository.path, env: bench.env, stdio: 'ignore' });
      expect(ran().length).toBeGreaterThan(0);
    }
    return found;
  } finally {
    await bench.dispose();
  }
}

describe('what agents plant in configuration, hooks, attributes, .git and nested repositories', () => {
  it('is run by no command of pwt', { timeout: 300_000 }, async () => {
    // By itself it makes git take the repository for another kind, and nothing lands: it has a turn of its own.
    const keys = executableConfigKeys.filter((key) => key !== 'extensions.partialClone');
    expect(await plantAndRun(keys)).toEqual([]);
    console.log(`escapes: ${keys.length} keys in 5 places, ${commands.length + 1} commands, 0 run`);
  });

  it.runIf(PROVE).each(executableConfigKeys)(
    '%s alone is run by no command of pwt',
    { timeout: 300_000 },
    async (key) => {
      expect(await plantAndRun([key])).toEqual([]);
    },
  );
});
