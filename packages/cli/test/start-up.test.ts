import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUNDLES, bundlePwt } from './support/pwt.js';

let metafile: Metafile;
beforeAll(async () => {
  metafile = await bundlePwt(join(BUNDLES, 'start-up'));
});

/** The sources that are read before a module can run: its own, and those it imports at its top. */
function readWith(entryPoint: string): string[] {
  const entry = Object.entries(metafile.outputs).find(([, output]) =>
    output.entryPoint?.endsWith(entryPoint),
  )?.[0];
  expect(entry, entryPoint).toBeDefined();
  const seen = new Set<string>();
  const open = [entry as string];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const output = metafile.outputs[path];
    if (!output || seen.has(path)) continue;
    seen.add(path);
    open.push(...output.imports.filter(({ kind }) => kind === 'import-statement').map((one) => one.path));
  }
  return [...seen].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
}

describe('start-up', () => {
  it('reads three small files for --version', () => {
    expect(
      readWith('src/bin.ts')
        .map((path) => path.replace(/^.*src\//, ''))
        .sort(),
    ).toEqual(['bin.ts', 'package-root.ts', 'version.ts']);
  });

  it('reads nothing but the command line for --help', () => {
    const read = readWith('src/main.ts').filter((path) => !path.includes('packages/cli/src/'));
    const packages = new Set(
      read.map((path) =>
        /packages\/(\w+)\/src|node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/
          .exec(path)
          ?.slice(1)
          .find(Boolean),
      ),
    );
    expect([...packages].sort()).toEqual(['commander', 'core', 'default']);
    expect(
      read
        .filter((path) => path.includes('packages/default'))
        .map((path) => path.replace(/^.*src\//, ''))
        .sort(),
    ).toEqual(['config/setting.ts', 'config/settings.ts', 'settings.ts']);
  });

  it('reads nothing for a plan that only a run needs', () => {
    const read = readWith('commands/plan.ts').join('\n');
    expect(read).toContain('packages/default/src/operations/plan/compose-plan.ts');
    expect(read).not.toMatch(/packages\/(launcher|worktree|merger|resources)\/src/);
    expect(read).not.toMatch(/node_modules\/(zod|jiti|yaml|isomorphic-git|execa|log-update)\//);
  });

  it('reads nothing for a status that only a plan or a run needs', () => {
    const read = readWith('commands/status.ts').join('\n');
    expect(read).toContain('packages/cli/src/view/time-left.ts');
    expect(read).not.toMatch(/packages\/(launcher|worktree|merger|resources|separator|sources)\/src/);
    expect(read).not.toMatch(/node_modules\/(zod|jiti|yaml|isomorphic-git|execa|log-update)\//);
  });

  it('reads what brings other machines only where a project names it', () => {
    for (const command of ['main', 'commands/run', 'commands/status', 'commands/plan', 'commands/doctor']) {
      const read = readWith(`src/${command}.ts`).join('\n');
      expect(read).not.toMatch(/plugins\/bullmq\/src|node_modules\/(bullmq|ioredis|systeminformation)\//);
    }
    expect(readWith('plugins/bullmq/src/index.ts').join('\n')).toContain('plugins/bullmq/src/options.ts');
  });
});
