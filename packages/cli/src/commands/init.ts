import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError } from '@pwt/core';
import { configFileNames, detectConfig, loadConfigFile, openProject } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { count } from '../format/units.js';
import { printJson, printLine } from '../io.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { userState } from '../user-state.js';

const FILE_NAME = 'pwt.config.json';

/** `pwt init`: writes a configuration with what was found. */
export async function init(context: CommandContext): Promise<number> {
  const { io, cwd, json, flags } = context;
  const project = await openProject({ cwd, env: io.env, trustDir: userState(io.env).trustDir });
  const file = join(project.root, FILE_NAME);
  if (flags.force !== true) await refuseExisting(project.root);
  const { config, because, specs } = await detectConfig(project);
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  if (json) {
    // Programs may run what `install` says: it has to be there, though nothing is written that needs a package.
    printJson(io, { schemaVersion: SCHEMA_VERSION, file, config, specs, install: [] });
    return exitCodes.ok;
  }
  printLine(io, `Wrote ${file}:`);
  for (const [key, value] of Object.entries(config)) {
    const reason = because[key as keyof typeof because];
    printLine(io, `  ${key}: ${JSON.stringify(value)}${reason === undefined ? '' : `  (${reason})`}`);
  }
  if (config.agent === undefined)
    printLine(io, 'No known agent is installed: set `agent` to a preset or a command.');
  if (specs > 0) printLine(io, `Found ${count(specs, 'task')} in spec files.`);
  else if (config.formats === undefined)
    printLine(io, 'No task is there yet. Write one, for example specs/SPEC-1-first-task.md');
  printLine(io, 'Next: pwt plan');
  return exitCodes.ok;
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
