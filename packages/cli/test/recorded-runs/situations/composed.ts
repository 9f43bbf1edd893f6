import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
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

/** A gate of the project's own. */
const GATE_PLUGIN = `import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const plugin = {
  name: 'one-or-two',
  apiVersion: 1,
  provides: {
    gate: () => ({
      name: 'one-or-two',
      async run({ workspace }) {
        const found = ['one.txt', 'two.txt'].some((name) => existsSync(join(workspace.path, name)));
        return found ? { status: 'green', durationMs: 1 } : { status: 'red', durationMs: 1, exitCode: 1, summary: 'none' };
      },
    }),
  },
};
`;

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

  'plugin-file': async (bench) => {
    const files = {
      'tools/gate.mjs': GATE_PLUGIN,
      ...spec(1, 'one.txt', '@claims'),
      ...spec(2, 'two.txt', '@claims'),
    };
    await stopAfterFirst(bench, files, ['--plugin', './tools/gate.mjs']);
  },
};
