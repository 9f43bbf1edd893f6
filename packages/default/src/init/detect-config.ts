import { join } from 'node:path';
import { areThere } from '../composition/plugins/missing-formats.js';
import type { Reference } from '../config/setting.js';
import { settings } from '../config/settings.js';
import type { WrittenConfig } from '../config/written-config.js';
import type { Project } from '../project/project.js';
import { findCommands } from './find-commands.js';
import { readTextIfAny } from './read-text.js';
import { hasOwnSchema, INSTALLED_SCHEMA, SCHEMA_COPY } from './schema-copy.js';

/** What was found, and for each key where it comes from. */
export interface DetectedConfig {
  readonly config: WrittenConfig;
  readonly because: Readonly<Partial<Record<keyof WrittenConfig, string>>>;
  /** The formats in which there are tasks. */
  readonly formats: readonly FoundFormat[];
  /** Files of the root that may be ignored by git, and so are not in worktrees. */
  readonly ignored: readonly string[];
}

/** A format in which a checkout has tasks. */
export interface FoundFormat {
  readonly name: string;
  /** A file that shows it, relative to the root. */
  readonly path: string;
  /** As it is written in the configuration. */
  readonly reference: Reference;
  /** How many unfinished tasks there are. */
  readonly tasks: number;
  /** It can mark tasks as finished. */
  readonly canMark: boolean;
}

/** A configuration that fits a project, from what lies in its root and on the PATH. Changes nothing. */
export async function detectConfig({ root, env }: Pick<Project, 'root' | 'env'>): Promise<DetectedConfig> {
  const config: { -readonly [K in keyof WrittenConfig]: WrittenConfig[K] } = {};
  const because: Partial<Record<keyof WrittenConfig, string>> = {};
  config.$schema = `./${(await hasOwnSchema(root)) ? INSTALLED_SCHEMA : SCHEMA_COPY}`;
  const { findAgents } = await import('../doctor/agents.js');
  const [agent] = await findAgents(env, root);
  if (agent) {
    config.agent = agent.name;
    because.agent = `found at ${agent.path}`;
  }
  const { setup, test } = await findCommands(root);
  if (setup) {
    config.setup = setup.command;
    because.setup = areThere(setup.files);
  }
  if (test) {
    config.gate = test.command;
    because.gate = areThere(test.files);
  }
  const found = await findFormats(root);
  const references = formatSetting(found);
  if (references) {
    config.formats = references;
    because.formats = areThere(found.map(({ path }) => path));
  }
  config.maxInstances = 2;
  return { config, because, formats: found, ignored: await ignoredFiles(root) };
}

/**
 * What `formats` has to be so that these are read, beside those that are read in any case; `undefined` if that is the default.
 *
 * @param without formats that are not to be read
 */
export function formatSetting(
  formats: readonly FoundFormat[],
  without: readonly string[] = [],
): readonly Reference[] | undefined {
  const usual: readonly string[] = settings.formats.default;
  const added = formats.filter(({ name }) => !usual.includes(name)).map(({ reference }) => reference);
  const kept = settings.formats.default.filter((name) => !without.includes(name));
  const references: readonly Reference[] = [...kept, ...added];
  return references.length === 0 || (added.length === 0 && kept.length === usual.length)
    ? undefined
    : references;
}

/** The formats in which a checkout has tasks, with their number. */
async function findFormats(root: string): Promise<readonly FoundFormat[]> {
  const { detectFormats, formats, openFormat } = await import('@pwt/sources');
  const found = (await detectFormats(root)).map(async ({ name, path, options }): Promise<FoundFormat> => {
    const { tasks } = await openFormat(name, { root, options }).load({});
    const reference: Reference = options ? [name, options] : name;
    const canMark = formats.find((one) => one.name === name)?.markDone !== undefined;
    return { name, path, reference, tasks: tasks.length, canMark };
  });
  return Promise.all(found);
}

/** Files that git ignores as a rule and that programs need, unless `.worktreeinclude` is there already. */
async function ignoredFiles(root: string): Promise<readonly string[]> {
  if ((await readTextIfAny(join(root, '.worktreeinclude'))) !== undefined) return [];
  const names = ['.env', '.env.local', '.env.development', '.env.test', '.envrc', 'local.settings.json'];
  const there = await Promise.all(
    names.map(async (name) => ((await readTextIfAny(join(root, name))) === undefined ? [] : [name])),
  );
  return there.flat();
}
