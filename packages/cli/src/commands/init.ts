import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError } from '@pwt/core';
import {
  configFileNames,
  type DetectedConfig,
  detectConfig,
  loadConfigFile,
  openProject,
  writeSchemaCopy,
} from '@pwt/default';
import { canAsk } from '../ask.js';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { count } from '../format/units.js';
import { printJson, printLine } from '../io.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { userState } from '../user-state.js';
import { askAbout } from './init-dialog.js';

const FILE_NAME = 'pwt.config.json';

/** `pwt init`: writes a configuration with what was found. */
export async function init(context: CommandContext): Promise<number> {
  const { io, cwd, json, flags } = context;
  const project = await openProject({ cwd, env: io.env, trustDir: userState(io.env).trustDir });
  const file = join(project.root, FILE_NAME);
  if (flags.force !== true) await refuseExisting(project.root);
  const detected = await detectConfig(project);
  const isDialog = !json && flags.yes !== true && canAsk(io);
  const config = isDialog ? await askAbout(io, detected) : detected.config;
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  const schema = await writeSchemaCopy(project.root);
  if (json) printJson(io, jsonOf(file, { ...detected, config }));
  else for (const line of linesOf({ file, schema }, { ...detected, config })) printLine(io, line);
  return exitCodes.ok;
}

function jsonOf(file: string, { config, formats }: DetectedConfig) {
  const specs = formats.find(({ name }) => name === 'spec-files')?.tasks ?? 0;
  const found = formats.map(({ name, path, tasks }) => ({ name, path, tasks }));
  // Programs may run what `install` says: it has to be there, though nothing is written that needs a package.
  return { schemaVersion: SCHEMA_VERSION, file, config, specs, formats: found, install: [] };
}

function linesOf(
  { file, schema }: { readonly file: string; readonly schema: string | undefined },
  { config, because, formats, ignored }: DetectedConfig,
): string[] {
  const settings = Object.entries(config).map(([key, value]) => {
    const reason = because[key as keyof typeof because];
    return `  ${key}: ${JSON.stringify(value)}${reason === undefined ? '' : `  (${reason})`}`;
  });
  const named = ignored.length === 0 ? '' : `, such as ${ignored.join(', ')},`;
  return [
    `Wrote ${file}:`,
    ...settings,
    ...(schema === undefined
      ? []
      : [`Wrote ${schema}, by which editors know the settings: commit it with the configuration.`]),
    ...(config.agent === undefined
      ? ['No known agent is installed: set `agent` to a preset or a command.']
      : []),
    ...formats.map(({ name, path, tasks }) =>
      tasks === 0
        ? `No task of ${name} is open: ${path}`
        : `Found ${count(tasks, 'task')} of ${name}: ${path}`,
    ),
    ...(formats.length === 0
      ? ['No task is there yet. Write one, for example specs/SPEC-1-first-task.md']
      : []),
    'Agents ask before they act, and nobody answers in a worktree: --auto-approve lets them work unattended, "autoApprove": true always.',
    `Files that git ignores${named} are not in worktrees: a file .worktreeinclude, written like .gitignore, names those that are to be copied.`,
    'Next: pwt plan',
  ];
}

async function refuseExisting(root: string): Promise<void> {
  // Whether there is one is all that matters: code is not run for it.
  const loaded = await loadConfigFile({ root, approveCode: async () => false }).catch(() => undefined);
  const existing = loaded?.file ?? (await firstExisting(root));
  if (existing === undefined) return;
  throw new PwtError('PWT_CONFIG_EXISTS', 'This project has a configuration already.', {
    place: { path: existing },
    hint: 'Edit it, or replace it with: pwt init --force',
  });
}

/** A configuration that can't be read is still one that must not be replaced. */
async function firstExisting(root: string): Promise<string | undefined> {
  for (const name of configFileNames.filter((one) => one !== 'package.json')) {
    const exists = await access(join(root, name)).then(
      () => true,
      () => false,
    );
    if (exists) return join(root, name);
  }
  return undefined;
}
