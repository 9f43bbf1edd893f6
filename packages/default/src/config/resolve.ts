import { defined } from '@pwt/core';
import { agentList } from './agent-list.js';
import type { ApproveCode } from './approve-code.js';
import { configValues } from './config-values.js';
import { loadConfigFile } from './load.js';
import type { RepositoryCommand, ResolvedConfig } from './resolved-config.js';
import { joinLayers } from './validate.js';
import type { WrittenConfig } from './written-config.js';

export interface ResolveConfigRequest {
  /** The root of the checkout. Absolute. */
  readonly root: string;
  /** A configuration file instead of the search; `false` for none. */
  readonly configFile?: string | false;
  /** Asked before a configuration that is code is run. @default it is run */
  readonly approveCode?: ApproveCode | undefined;
  /** What the caller says: it wins, key by key, and needs no approval. */
  readonly overrides?: WrittenConfig;
  /** What the overrides are called in problems. @default 'options' */
  readonly overridesSource?: string;
}

/**
 * Finds, checks and completes the configuration of a project.
 *
 * @throws PwtError `PWT_CONFIG_INVALID` with all problems, `PWT_CONFIG_NOT_FOUND`, `PWT_CONFIG_UNREADABLE`
 */
export async function resolveConfig(request: ResolveConfigRequest): Promise<ResolvedConfig> {
  const { root, configFile, approveCode, overrides = {}, overridesSource = 'options' } = request;
  const fromFile =
    configFile === false
      ? undefined
      : await loadConfigFile({
          root,
          approveCode,
          ...defined({ file: configFile }),
        });
  const own = { source: overridesSource, value: overrides };
  const written = await joinLayers(fromFile ? [fromFile, own] : [own]);
  const fileValue = (fromFile?.value ?? {}) as WrittenConfig;
  return {
    ...completeConfig(root, written),
    file: fromFile?.file,
    repositoryCommands: repositoryCommands(fileValue, overrides),
  };
}

/** A checked configuration that comes from no file: there is nothing to approve. Pure. */
export function completeConfig(root: string, written: WrittenConfig): ResolvedConfig {
  return { ...configValues(root, written), written, file: undefined, repositoryCommands: [] };
}

/**
 * What of the file pwt would run, or would let an agent do unasked, unless the caller has said something else
 * instead. The mere name of a preset is neither.
 */
function repositoryCommands(file: WrittenConfig, overrides: WrittenConfig): RepositoryCommand[] {
  const commands: RepositoryCommand[] = [];
  if (overrides.agent === undefined) {
    for (const agent of agentList(file.agent))
      if (typeof agent === 'object') commands.push({ kind: 'agent', text: JSON.stringify(agent) });
  }
  const permission = permissionOfFile(file, overrides);
  if (permission !== undefined) commands.push({ kind: 'agent', text: `permission: ${permission}` });
  if (overrides.setup === undefined && file.setup !== undefined)
    commands.push({ kind: 'setup', text: file.setup });
  if (overrides.gate === undefined && file.gate !== undefined)
    commands.push(...gateTexts(file.gate).map((text) => ({ kind: 'gate', text }) as const));
  // A variable can make any program run another one, and what is passed can be a secret.
  if (overrides.env === undefined && file.env !== undefined)
    commands.push({ kind: 'env', text: JSON.stringify(file.env) });
  if (overrides.formats === undefined)
    commands.push(...taskCommands(file).map((text) => ({ kind: 'tasks', text }) as const));
  return commands;
}

/** The commands that print tasks, which the options of formats name. */
function taskCommands({ formats = [] }: WrittenConfig): readonly string[] {
  return formats.flatMap((reference) => {
    const options: unknown = typeof reference === 'string' ? undefined : reference[1];
    const command = (options as { readonly command?: unknown } | undefined | null)?.command;
    return Array.isArray(command) ? JSON.stringify(command) : [];
  });
}

/** Each command of a gate by itself: which name it has changes nothing about what is run. */
function gateTexts(gate: NonNullable<WrittenConfig['gate']>): readonly string[] {
  return typeof gate === 'string' ? [gate] : Object.values(gate);
}

/** The permission beyond the default that agents would have by the file alone. */
function permissionOfFile(file: WrittenConfig, overrides: WrittenConfig): string | undefined {
  if (overrides.autoApprove === true) return undefined;
  if (overrides.autoApprove === undefined && file.autoApprove === true) return 'unattended';
  const permission = overrides.permission === undefined ? file.permission : undefined;
  return permission === 'default' ? undefined : permission;
}
