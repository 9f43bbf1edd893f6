import { relative } from 'node:path';
import type { Diagnostic } from '@pwt/core';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Reference } from '../../config/setting.js';

/** Plugins of earlier versions, which configurations and recorded runs still name, with the format that each is. */
const formatsByPlugin: ReadonlyMap<string, string> = new Map([
  ['@pwt/plugin-spec-kit', 'spec-kit'],
  ['@pwt/plugin-prompt-folders', 'prompt-folders'],
]);

/** A format with the options that the configuration gives it. */
export interface ConfiguredFormat {
  readonly name: string;
  readonly options: unknown;
}

export interface BuiltInFormats {
  /** In the order of the configuration, each once. */
  readonly formats: readonly ConfiguredFormat[];
  /** For each that is named as a plugin: how it is written now. */
  readonly notes: readonly Diagnostic[];
}

/** The formats that a configuration switches on, those included that it names as plugins. */
export function builtInFormats(
  { formats, plugins, file, tasks }: Pick<ResolvedConfig, 'formats' | 'plugins' | 'file' | 'tasks'>,
  root: string,
): BuiltInFormats {
  const references = withTasks(formats, tasks);
  const moved = plugins.filter(isBuiltIn);
  for (const plugin of moved) {
    const [module, options] = parts(plugin);
    const name = formatsByPlugin.get(module) ?? module;
    if (references.some((one) => parts(one)[0] === name)) continue;
    references.push(options === undefined ? name : [name, options]);
  }
  return {
    formats: references.map((reference) => {
      const [name, options] = parts(reference);
      return { name, options };
    }),
    notes: moved.map((plugin) => {
      const [module] = parts(plugin);
      return {
        code: 'PWT_PLUGIN_BUILT_IN',
        severity: 'warning',
        message: `${module} is no plugin any more: pwt has its tasks as the format "${formatsByPlugin.get(module)}".`,
        hint: `Take it out of \`plugins\`, and write: "formats": ${JSON.stringify(references)}`,
        ...(file === undefined ? {} : { path: relative(root, file) }),
      };
    }),
  };
}

/** The formats with the one for the files that `tasks` names: it need not be switched on by name. */
function withTasks(formats: readonly Reference[], tasks: readonly string[] | undefined): Reference[] {
  if (tasks === undefined) return [...formats];
  const name = 'markdown-files';
  const others = formats.filter((reference) => reference !== name);
  return others.some((reference) => parts(reference)[0] === name)
    ? [...others]
    : [...others, [name, { files: tasks }]];
}

/** True for a plugin that is a built-in format now: there is nothing to load. */
export function isBuiltIn(reference: Reference): boolean {
  return formatsByPlugin.has(parts(reference)[0]);
}

function parts(reference: Reference): readonly [name: string, options?: unknown] {
  return typeof reference === 'string' ? [reference] : reference;
}
