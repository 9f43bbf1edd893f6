import { resolve } from 'node:path';
import { defaultRunOptions } from '@pwt/core';
import type { ApproveCode } from '../approval/code-approval.js';
import { loadConfigFile } from './load.js';
import type { RepositoryCommand, ResolvedConfig, ShellCommand } from './resolved-config.js';
import { parseDuration, parseSize } from './units.js';
import { joinLayers } from './validate.js';
import type { Duration, WrittenConfig } from './written-config.js';

const GATE_TIMEOUT_MS = 30 * 60_000;
const SETUP_TIMEOUT_MS = 15 * 60_000;
const TRASH_DAYS = 7;

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
          ...(configFile === undefined ? {} : { file: configFile }),
        });
  const own = { source: overridesSource, value: overrides };
  const written = await joinLayers(fromFile ? [fromFile, own] : [own]);
  const fileValue = (fromFile?.value ?? {}) as WrittenConfig;
  return {
    ...completeConfig(root, written),
    ...(fromFile?.file === undefined ? {} : { file: fromFile.file }),
    repositoryCommands: repositoryCommands(fileValue, overrides),
  };
}

/** Fills in the defaults and converts the units of a checked configuration. Pure. */
export function completeConfig(
  root: string,
  written: WrittenConfig,
): Omit<ResolvedConfig, 'repositoryCommands'> {
  const { agent, specs, vocabulary, target, worktree, branch, promptFile } = written;
  const gate = shellCommand(written.gate, written.gateTimeout, GATE_TIMEOUT_MS);
  const setup = shellCommand(written.setup, written.setupTimeout, SETUP_TIMEOUT_MS);
  return {
    written,
    options: runOptions(written),
    autoApprove: written.autoApprove ?? false,
    env: written.env ?? {},
    trashDays: written.trashDays ?? TRASH_DAYS,
    plugins: written.plugins ?? [],
    ...(agent === undefined ? {} : { agent }),
    ...(specs === undefined ? {} : { specs }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
    ...(target === undefined ? {} : { target }),
    ...(worktree === undefined ? {} : { worktree }),
    ...(branch === undefined ? {} : { branch }),
    ...(gate === undefined ? {} : { gate }),
    ...(setup === undefined ? {} : { setup }),
    ...(promptFile === undefined ? {} : { promptFile: resolve(root, promptFile) }),
  };
}

function runOptions(written: WrittenConfig): ResolvedConfig['options'] {
  const base = defaultRunOptions;
  return {
    maxInstances: written.maxInstances ?? base.maxInstances,
    autoMerge: written.autoMerge ?? base.autoMerge,
    permission: written.permission ?? base.permission,
    timeoutMs: milliseconds(written.timeout, base.timeoutMs),
    idleTimeoutMs: milliseconds(written.idleTimeout, base.idleTimeoutMs),
    separation: written.separation ?? base.separation,
    audit: written.audit ?? base.audit,
    alwaysAllowed: written.alwaysAllowed ?? base.alwaysAllowed,
    maxCpuPercent: written.maxCpuPercent ?? base.maxCpuPercent,
    maxMemoryPercent: written.maxMemoryPercent ?? base.maxMemoryPercent,
    minDiskBytes:
      written.minDisk === undefined ? base.minDiskBytes : (parseSize(written.minDisk) ?? base.minDiskBytes),
  };
}

function shellCommand(
  command: string | undefined,
  timeout: Duration | undefined,
  defaultTimeoutMs: number,
): ShellCommand | undefined {
  return command === undefined ? undefined : { command, timeoutMs: milliseconds(timeout, defaultTimeoutMs) };
}

function milliseconds(value: Duration | undefined, otherwise: number): number {
  return value === undefined ? otherwise : (parseDuration(value) ?? otherwise);
}

/**
 * What of the file pwt would run, or would let an agent do unasked, unless the caller has said something else
 * instead. The mere name of a preset is neither.
 */
function repositoryCommands(file: WrittenConfig, overrides: WrittenConfig): RepositoryCommand[] {
  const commands: RepositoryCommand[] = [];
  if (overrides.agent === undefined && typeof file.agent === 'object') {
    commands.push({ kind: 'agent', text: JSON.stringify(file.agent) });
  }
  const permission = permissionOfFile(file, overrides);
  if (permission !== undefined) commands.push({ kind: 'agent', text: `permission: ${permission}` });
  if (overrides.setup === undefined && file.setup !== undefined)
    commands.push({ kind: 'setup', text: file.setup });
  if (overrides.gate === undefined && file.gate !== undefined)
    commands.push({ kind: 'gate', text: file.gate });
  // A variable can make any program run another one, and what is passed can be a secret.
  if (overrides.env === undefined && file.env !== undefined)
    commands.push({ kind: 'env', text: JSON.stringify(file.env) });
  return commands;
}

/** The permission beyond the default that agents would have because the file says so, and nobody else. */
function permissionOfFile(file: WrittenConfig, overrides: WrittenConfig): string | undefined {
  if (overrides.autoApprove === true) return undefined;
  if (overrides.autoApprove === undefined && file.autoApprove === true) return 'unattended';
  const permission = overrides.permission === undefined ? file.permission : undefined;
  return permission === 'default' ? undefined : permission;
}
