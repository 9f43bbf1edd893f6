import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Workbench } from '../../support/pwt.js';
import { spec } from '../../support/pwt.js';
import type { Line } from '../../support/remains.js';
import { type BringAbout, expectLast, run } from './stage.js';

/** Stops the run once its first task has landed: the others are for the resumed run. */
async function stopAfterFirst(
  bench: Workbench,
  files: Record<string, string>,
  args: readonly string[],
  agent?: readonly string[],
): Promise<void> {
  const stop = (line: Line, child: ChildProcess): void => {
    if (line.type === 'agent-exited') child.kill('SIGINT');
  };
  await run(bench, files, ['--max-instances', '1', ...args], stop, agent);
  await expectLast(bench, 'run-interrupted');
}

/** Has the project depend on a plugin of the checkout that is recorded, where that is a package of its own. */
async function install(bench: Workbench, checkout: string, folder: string): Promise<void> {
  const built = join(checkout, 'plugins', folder);
  if (!existsSync(built)) return;
  const packages = join(bench.repository.path, 'node_modules/@pwt');
  await mkdir(packages, { recursive: true });
  await symlink(built, join(packages, `plugin-${folder}`));
}

/** An agent for prompts in which no line is for the scripted one. */
const WRITES_CLAIMS = [
  'sh',
  '-c',
  `sed -n 's/^ *"\\(.*\\)",*$/\\1/p' "$PWT_CLAIMS_FILE" | while read -r file; do echo done >"$file"; done`,
];

const prompt = (id: string, file: string) =>
  `# Task: ${id} - Write ${file}\n\n@claims\n\n## Dependencies\n\n- None\n\n## File Scope\n\n- \`${file}\`\n`;

/** The source of a plugin of the project's own that provides one part, for the program of a checkout. */
async function pluginSource(checkout: string, name: string, part: string): Promise<string> {
  const core = await import(pathToFileURL(join(checkout, 'packages/core/dist/index.js')).href);
  return `import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const name = '${name}';
export const plugin = { name, apiVersion: ${core.PLUGIN_API_VERSION}, provides: { ${part} } };
`;
}

/** Green where a task's file is. */
const GATE = `gate: () => ({
  name,
  async run({ workspace }) {
    const found = ['one.txt', 'two.txt'].some((file) => existsSync(join(workspace.path, file)));
    return found ? { status: 'green', durationMs: 1 } : { status: 'red', durationMs: 1, exitCode: 1, summary: 'none' };
  },
})`;

/** All tasks add to the same files: nothing conflicts, and that they collide is likely. */
const SEPARATOR = `separator: () => ({
  name,
  async separate({ tasks }) {
    const claim = { mode: 'write', class: 'append', confidence: 'declared', rule: name };
    const claims = Array.from({ length: 20 }, (_, n) => ({ pattern: 'log-' + n + '.txt', ...claim }));
    return { claims: tasks.map(({ id }) => ({ taskId: id, claims, unknownScope: false })), diagnostics: [] };
  },
})`;

/** Runs that were composed of more than what is built in. */
export const composed: Readonly<Record<string, BringAbout>> = {
  'plugin-spec-kit': async (bench, checkout) => {
    await install(bench, checkout, 'spec-kit');
    const tasks = [
      '# Tasks: Photos',
      '',
      '## Phase 1: Setup',
      '',
      '- [ ] T001 Write one.txt',
      '- [ ] T002 Write two.txt',
      '',
    ].join('\n');
    const files = { '.gitignore': 'node_modules/\n', 'specs/001-photos/tasks.md': tasks };
    await stopAfterFirst(bench, files, ['--plugin', '@pwt/plugin-spec-kit'], WRITES_CLAIMS);
  },

  'plugin-prompt-folders': async (bench, checkout) => {
    await install(bench, checkout, 'prompt-folders');
    const files = {
      '.gitignore': 'node_modules/\n',
      'tasks/TP-001-one/PROMPT.md': prompt('TP-001', 'one.txt'),
      'tasks/TP-002-two/PROMPT.md': prompt('TP-002', 'two.txt'),
    };
    await stopAfterFirst(bench, files, ['--plugin', '@pwt/plugin-prompt-folders']);
  },

  'plugin-file': async (bench, checkout) => {
    const files = {
      'tools/gate.mjs': await pluginSource(checkout, 'one-or-two', GATE),
      ...spec(1, 'one.txt', '@claims'),
      ...spec(2, 'two.txt', '@claims'),
    };
    await stopAfterFirst(bench, files, ['--plugin', './tools/gate.mjs']);
  },

  'likely-collision': async (bench, checkout) => {
    const files = {
      'tools/separator.mjs': await pluginSource(checkout, 'logs', SEPARATOR),
      ...spec(1, 'one.txt', '@wait ../go', '@write one.txt 1'),
      ...spec(2, 'two.txt', '@write two.txt 2'),
    };
    const args = ['--max-instances', '2', '--plugin', './tools/separator.mjs'];
    await run(bench, files, args, async (line) => {
      const { by } = line as { by?: { kind: string } };
      if (by?.kind === 'risk') await writeFile(join(bench.repository.parent, 'go'), '');
    });
  },
};
