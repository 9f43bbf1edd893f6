import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PwtError, type PwtPlugin } from '@pwt/core';
import { isRepositoryCode } from '../../approval/repository-code.js';
import type { ApproveCode } from '../../config/approve-code.js';
import type { Reference } from '../../config/setting.js';
import { isBuiltIn } from './built-in-formats.js';
import { singleContracts, validatePlugin } from './validate-plugin.js';

/** A plugin with the options that the configuration gives it. */
export interface LoadedPlugin {
  readonly plugin: PwtPlugin;
  readonly options: unknown;
  /** As the configuration names it. */
  readonly reference: string;
}

/** Plugins that a program has inside, by the name under which a configuration finds each: how its module is loaded. */
export type BundledPlugins = Readonly<Record<string, () => Promise<unknown>>>;

export interface LoadPluginsOptions {
  /** Asked before a plugin that is a file of the repository is run. @default it is run */
  readonly approveCode?: ApproveCode | undefined;
  /** A package of that name that the project has installed goes before. @default none */
  readonly bundled?: BundledPlugins | undefined;
}

/**
 * Loads plugins in the order of the configuration. A reference that starts with `.` or `/` is a path from the
 * root of the checkout; anything else is a package, as the project itself would resolve it, or else a bundled plugin.
 *
 * @throws PwtError `PWT_CODE_NOT_APPROVED`, `PWT_PLUGIN_NOT_FOUND`, `PWT_PLUGIN_FAILED` (it threw while loading), `PWT_PLUGIN_INVALID`,
 *   `PWT_PLUGIN_API_VERSION`, `PWT_PLUGIN_CLASH` (two plugins for one contract); each names the plugin
 */
export async function loadPlugins(
  references: readonly Reference[],
  root: string,
  { approveCode, bundled = {} }: LoadPluginsOptions = {},
): Promise<LoadedPlugin[]> {
  const plugins: LoadedPlugin[] = [];
  for (const entry of references.filter((one) => !isBuiltIn(one))) {
    const [reference, options] = typeof entry === 'string' ? [entry, undefined] : entry;
    const file = await resolvePlugin(reference, root, bundled);
    if (file === undefined) {
      plugins.push({ plugin: validatePlugin(await bundled[reference]?.(), reference), options, reference });
      continue;
    }
    if (approveCode && (isPath(reference) || (await isRepositoryCode(file, root)))) {
      if (!(await approveCode('plugin', file))) continue;
    }
    const module = await importPlugin(reference, file, root);
    plugins.push({ plugin: validatePlugin(module, reference), options, reference });
  }
  refuseClashes(plugins);
  return plugins;
}

async function importPlugin(reference: string, file: string, root: string): Promise<unknown> {
  try {
    if (!/\.[cm]?ts$/.test(file)) return await import(pathToFileURL(file).href);
    const { createJiti } = await import('jiti');
    return await createJiti(root).import(file);
  } catch (cause) {
    throw new PwtError('PWT_PLUGIN_FAILED', `The plugin ${reference} failed to load: ${messageOf(cause)}`, {
      place: { path: file },
      hint: 'Correct the plugin, or take it out of `plugins` in the configuration.',
      data: { plugin: reference },
      cause,
    });
  }
}

/** `undefined` for a bundled one. */
async function resolvePlugin(
  reference: string,
  root: string,
  bundled: BundledPlugins,
): Promise<string | undefined> {
  try {
    return createRequire(join(root, 'package.json')).resolve(
      isPath(reference) ? resolve(root, reference) : reference,
    );
  } catch (cause) {
    // A package that exports itself to `import` alone can't be found by `require.resolve`.
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      if (Object.hasOwn(bundled, reference)) return undefined;
      throw notFound(reference, { root, bundled: Object.keys(bundled), cause });
    }
    const { createJiti } = await import('jiti');
    return fileURLToPath(createJiti(join(root, 'package.json')).esmResolve(reference));
  }
}

function isPath(reference: string): boolean {
  return /^[./]/.test(reference);
}

function refuseClashes(plugins: readonly LoadedPlugin[]): void {
  for (const contract of singleContracts) {
    const [first, second] = plugins.filter(({ plugin }) => plugin.provides[contract] !== undefined);
    if (!first || !second) continue;
    throw new PwtError(
      'PWT_PLUGIN_CLASH',
      `The plugins ${first.plugin.name} and ${second.plugin.name} both provide the ${contract}; there can be only one.`,
      { hint: 'Take one of them out of `plugins` in the configuration.', data: { contract } },
    );
  }
  const commands = new Map<string, string>();
  for (const { plugin } of plugins) {
    for (const command of Object.keys(plugin.commands ?? {})) {
      const other = commands.get(command);
      if (other !== undefined)
        throw new PwtError(
          'PWT_PLUGIN_CLASH',
          `The plugins ${other} and ${plugin.name} both have a command ${command}; there can be only one.`,
          { hint: 'Take one of them out of `plugins` in the configuration.', data: { command } },
        );
      commands.set(command, plugin.name);
    }
  }
}

function notFound(
  reference: string,
  { root, bundled, cause }: { root: string; bundled: readonly string[]; cause: unknown },
): PwtError {
  return new PwtError('PWT_PLUGIN_NOT_FOUND', `The plugin ${reference} was not found from ${root}.`, {
    hint: notFoundHint(reference, bundled),
    data: { plugin: reference },
    cause,
  });
}

function notFoundHint(reference: string, bundled: readonly string[]): string {
  if (isPath(reference)) return 'Check the path; it starts at the root of the checkout.';
  if (reference.startsWith('@pwt/') && bundled.length > 0)
    return `Take it out of \`plugins\`, or write one that pwt has inside: ${bundled.join(', ')}`;
  return `Run: npm install --save-dev ${reference}`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
