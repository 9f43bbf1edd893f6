import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundledCommands, bundledPlugins } from '../src/bundled-plugins.js';
import { buildPwt, spec, Workbench } from './support/pwt.js';

/** A command that prints what it is given, and ends as it is told. */
const PLUGIN = `
import { writeFileSync } from 'node:fs';
export const plugin = {
  name: 'p', apiVersion: 2, provides: {},
  commands: {
    greet: {
      summary: 'Greet somebody.',
      async run({ argv, context, options, stdout, stderr }) {
        if (argv.includes('--help')) { stdout('pwt greet <name>\\n'); return 0; }
        if (argv[0] === 'throw') throw new Error('no name');
        if (argv[0] === 'nothing') return undefined;
        context.warn('mind the gap');
        stderr('greeting\\n');
        stdout(JSON.stringify({ argv, options, root: context.projectRoot, gate: context.settings.gate }) + '\\n');
        return argv[0] === 'exit' ? Number(argv[1]) : 0;
      },
    },
    status: { summary: 'Not that one.', async run() { writeFileSync('PLUGIN-STATUS', ''); return 7; } },
  },
  async examine({ settings }, options) {
    if (options?.breaks) throw new Error('examined badly');
    return [{ name: 'engine', status: 'problem', message: 'the engine of ' + settings.gate + ' is off', fix: 'start it' }];
  },
};
`;
const options = { loud: true };
const config = (plugin: unknown = ['./plugin.mjs', options]) =>
  JSON.stringify({ gate: 'true', plugins: [plugin] });

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.create(await buildPwt(), { ...spec(1, 'one.txt'), 'plugin.mjs': PLUGIN });
});
afterAll(() => bench.dispose());

beforeEach(async () => {
  await bench.repository.write({ 'pwt.config.json': config(), 'plugin.mjs': PLUGIN });
  expect((await bench.pwt(['plan', '--yes'])).exitCode).toBe(0);
});

describe('a command of a plugin', () => {
  it('gets what is behind its name, the options of the configuration and the settings', async () => {
    const { exitCode, stdout, stderr } = await bench.pwt(['greet', '--json', '-C', '--', 'me']);
    expect([exitCode, stderr]).toEqual([0, 'mind the gap\ngreeting\n']);
    const argv = ['--json', '-C', '--', 'me'];
    expect(JSON.parse(stdout)).toEqual({ argv, options, root: bench.repository.path, gate: 'true' });
  });

  it('is found from elsewhere, with another configuration', async () => {
    await writeFile(join(bench.repository.parent, 'other.json'), config('./plugin.mjs'));
    const cwd = bench.repository.parent;
    const flags = ['-C', bench.repository.path, '--config', join(cwd, 'other.json')];
    const { exitCode, stdout } = await bench.pwt([...flags, 'greet'], { cwd });
    expect([exitCode, JSON.parse(stdout).options]).toEqual([0, undefined]);
  });

  it('ends pwt with its exit code', async () => {
    expect((await bench.pwt(['greet', 'exit', '42'])).exitCode).toBe(42);
  });

  it('is blamed for what it throws, and for an end that is none', async () => {
    const thrown = await bench.pwt(['greet', 'throw']);
    expect(thrown.stderr).toContain('PWT_PLUGIN_FAILED: The plugin p failed in its command greet: no name');
    const none = await bench.pwt(['greet', 'nothing']);
    expect(none.stderr).toMatch(/PWT_PLUGIN_MISBEHAVED: the plugin p .* greet must end with an exit code/);
  });

  it('replaces none of pwt’s own', async () => {
    expect((await bench.pwt(['status'])).exitCode).not.toBe(7);
  });

  it('is named by help', async () => {
    const { stdout } = await bench.pwt(['help']);
    expect(stdout).toMatch(/^Commands of this project's plugins:\n {2}greet +Greet somebody\. \(p\)$/m);
    expect((await bench.pwt(['help', 'greet'])).stdout).toBe('pwt greet <name>\n');
  });

  it('is not run out of code that nobody has approved', async () => {
    await bench.repository.write({ 'plugin.mjs': `${PLUGIN}\n// changed` });
    const { exitCode, stdout, stderr } = await bench.pwt(['greet', 'me']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /PWT_USAGE: unknown command 'greet'\n {2}A plugin .* not approved.*pwt plan --yes/,
    );
  });

  it('is told of where its plugin can not be loaded', async () => {
    await bench.repository.write({ 'pwt.config.json': config('./gone.mjs') });
    const { exitCode, stderr } = await bench.pwt(['greet']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/unknown command 'greet'\n {2}The plugin \.\/gone\.mjs was not found/);
  });
});

describe('a command that there is not', () => {
  const unknown = (name: string) => `PWT_USAGE: unknown command '${name}'`;

  it('is told as ever, in a project with plugins, without any and outside of one', async () => {
    expect((await bench.pwt(['paln'])).stderr).toContain(unknown('paln'));
    await bench.repository.write({ 'pwt.config.json': '{}' });
    const here = await bench.pwt(['stauts']);
    expect(here.stderr).toContain(unknown('stauts'));
    expect(here.stderr).toContain('Did you mean status?');
    const folder = join(bench.repository.parent, 'empty');
    await mkdir(folder, { recursive: true });
    const outside = await bench.pwt(['stauts'], { cwd: folder });
    expect([outside.exitCode, outside.stderr]).toEqual([2, here.stderr]);
    await rm(folder, { recursive: true });
  });

  it('says where it comes from, if that is a bundled plugin', async () => {
    await bench.repository.write({ 'pwt.config.json': '{}' });
    for (const { name, plugin } of bundledCommands) {
      const { exitCode, stderr } = await bench.pwt([name, '--some', 'flag']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(unknown(name));
      expect(stderr).toContain(`It comes with the plugin ${plugin}`);
    }
  });
});

describe('completion', () => {
  it('knows the commands of bundled plugins that the configuration names', async () => {
    const [{ name, plugin } = { name: '', plugin: '' }] = bundledCommands;
    const word = name.slice(0, 3);
    await bench.repository.write({ 'pwt.config.json': JSON.stringify({ plugins: [[plugin, {}]] }) });
    expect((await bench.pwt(['__complete', word])).stdout).toContain(`${name}\t`);
    await bench.repository.write({ 'pwt.config.json': '{}' });
    expect((await bench.pwt(['__complete', word])).stdout).not.toContain(name);
  });

  it('knows them as the plugins have them', async () => {
    for (const { name, about, plugin } of bundledCommands) {
      const module = (await bundledPlugins[plugin]?.()) as
        | { plugin?: { commands?: Record<string, { summary: string }> } }
        | undefined;
      if (module !== undefined) expect(module.plugin?.commands?.[name]?.summary).toBe(about);
    }
  });
});

describe('doctor', () => {
  it('says what a plugin says of what it needs', async () => {
    const { stdout, exitCode } = await bench.pwt(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: readonly { name: string }[] };
    expect(checks.find(({ name }) => name === 'engine')).toEqual({
      ...{ name: 'engine', status: 'problem', message: 'the engine of true is off', fix: 'start it' },
    });
    expect(exitCode).toBe(3);
  });

  it('goes on behind a plugin that fails', async () => {
    await bench.repository.write({ 'pwt.config.json': config(['./plugin.mjs', { breaks: true }]) });
    const { stdout } = await bench.pwt(['doctor']);
    expect(stdout).toContain('The plugin p failed in examine(): examined badly');
    expect(stdout).toContain('specs');
  });
});
