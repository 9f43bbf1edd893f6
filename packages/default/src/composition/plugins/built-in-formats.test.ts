import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCoordinator } from '../../create-coordinator.js';
import type { PwtCoordinator } from '../../pwt-coordinator.js';
import { builtInFormats } from './built-in-formats.js';

const note = (module: string, name: string, formats: string) => ({
  code: 'PWT_PLUGIN_BUILT_IN',
  severity: 'warning',
  message: `${module} is no plugin any more: pwt has its tasks as the format "${name}".`,
  hint: `Take it out of \`plugins\`, and write: "formats": ${formats}`,
});

describe('builtInFormats', () => {
  it('are those of the configuration', () => {
    const formats = ['spec-kit', ['prompt-folders', { folders: ['tasks'] }]] as const;
    expect(
      builtInFormats({ formats, plugins: ['./p.mjs'], file: undefined, tasks: undefined }, '/p'),
    ).toEqual({
      formats: [
        { name: 'spec-kit', options: undefined },
        { name: 'prompt-folders', options: { folders: ['tasks'] } },
      ],
      notes: [],
    });
  });

  it('are those, too, that the configuration names as plugins', () => {
    const plugins = ['./p.mjs', ['@pwt/plugin-prompt-folders', { folders: ['tasks'] }]] as const;
    const formats = '["spec-files",["prompt-folders",{"folders":["tasks"]}]]';
    expect(
      builtInFormats(
        { formats: ['spec-files'], plugins, file: '/p/pwt.config.json', tasks: undefined },
        '/p',
      ),
    ).toMatchObject({
      formats: [{ name: 'spec-files' }, { name: 'prompt-folders', options: { folders: ['tasks'] } }],
      notes: [{ ...note('@pwt/plugin-prompt-folders', 'prompt-folders', formats), path: 'pwt.config.json' }],
    });
  });

  it.each([
    [['spec-files'], ['spec-files', 'markdown-files']],
    [['markdown-files'], ['markdown-files']],
  ])('have the Markdown files among them that `tasks` names, beside %j', (formats, names) => {
    const found = builtInFormats({ formats, plugins: [], file: undefined, tasks: ['docs/*.md'] }, '/p');
    expect(found.formats.map(({ name }) => name)).toEqual(names);
    expect(found.formats.at(-1)?.options).toEqual({ files: ['docs/*.md'] });
  });

  it('leave files that the format is given by name', () => {
    const formats = [['markdown-files', { files: ['a.md'] }]] as const;
    const found = builtInFormats({ formats, plugins: [], file: undefined, tasks: ['docs/*.md'] }, '/p');
    expect(found.formats).toEqual([{ name: 'markdown-files', options: { files: ['a.md'] } }]);
  });

  it('are read once where a configuration names one as both', () => {
    const plugins = ['@pwt/plugin-spec-kit'];
    expect(
      builtInFormats({ formats: ['spec-kit'], plugins, file: undefined, tasks: undefined }, '/p'),
    ).toMatchObject({
      formats: [{ name: 'spec-kit' }],
      notes: [note('@pwt/plugin-spec-kit', 'spec-kit', '["spec-kit"]')],
    });
  });
});

describe('a configuration of an earlier version', () => {
  let repository: TemporaryRepository;
  let opened: PwtCoordinator[];
  const config = {
    plugins: ['@pwt/plugin-spec-kit', ['@pwt/plugin-prompt-folders', { folders: ['tasks'] }]],
    agent: {
      command: [process.execPath, '-e', "require('node:fs').writeFileSync(process.env.PWT_TASK_ID, 'x')"],
    },
    gate: 'test ! -e TP-1 || test -e ok',
    maxCpuPercent: 100,
    maxMemoryPercent: 100,
    minDisk: 0,
  };

  beforeEach(async () => {
    opened = [];
    repository = await TemporaryRepository.create({
      'specs/SPEC-20-one.md': '# One\n\n**File**: `20`\n',
      'specs/001-a/tasks.md': '- [ ] T001 Write a/T001.txt\n',
      'tasks/TP-1-x/PROMPT.md': '# Task: TP-1 - X\n\n## File Scope\n\n- `TP-1`\n',
      'pwt.config.json': JSON.stringify(config),
    });
  });
  afterEach(async () => {
    for (const coordinator of opened) await coordinator.dispose();
    await repository.dispose();
  });

  async function open(options: { readonly gate?: string } = {}): Promise<PwtCoordinator> {
    const coordinator = await createCoordinator({ cwd: repository.path, env: repository.env, ...options });
    opened.push(coordinator);
    return coordinator;
  }

  it('still has its tasks, and says what to write instead', async () => {
    const { tasks, diagnostics } = await (await open()).plan();
    expect(tasks.map(({ id }) => id).sort()).toEqual(['20', 'T001', 'TP-1']);
    const formats = '["spec-files","spec-kit",["prompt-folders",{"folders":["tasks"]}]]';
    expect(diagnostics.filter(({ code }) => code === 'PWT_PLUGIN_BUILT_IN')).toMatchObject([
      { ...note('@pwt/plugin-spec-kit', 'spec-kit', formats), path: 'pwt.config.json' },
      { ...note('@pwt/plugin-prompt-folders', 'prompt-folders', formats), path: 'pwt.config.json' },
    ]);
  });

  it('is still that of the runs that were started with it', async () => {
    const before = await (await open()).run({ taskIds: ['20', 'TP-1'] });
    expect(before).toMatchObject({ completed: ['20'], failed: ['TP-1'] });
    // The run uses what it has recorded, whatever the file says by now.
    await repository.write({ 'pwt.config.json': '{}' });
    const after = await (await open({ gate: 'exit 0' })).resume({ retry: ['TP-1'] });
    expect(after).toMatchObject({ runId: before.runId, success: true });
    expect([...after.completed].sort()).toEqual(['20', 'TP-1']);
  });

  it('is refused where it gives options that the format does not have', async () => {
    const plugins = [['@pwt/plugin-spec-kit', { folder: 'specs' }]];
    await repository.write({ 'pwt.config.json': JSON.stringify({ plugins }) });
    await expect((await open()).plan()).rejects.toMatchObject({
      code: 'PWT_FORMAT_OPTIONS',
      message: expect.stringContaining('"folder" is no option'),
      place: { path: `${repository.path}/pwt.config.json` },
    });
  });
});
