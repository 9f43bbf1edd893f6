import type { RunState } from '@pwt/core';
import { approveCommands } from '../../approval/approve-commands.js';
import { completeConfig } from '../../config/resolve.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { SettingKey } from '../../config/settings.js';
import type { WrittenConfig } from '../../config/written-config.js';
import type { OperationContext } from '../operation-context.js';

/** What a user mends when a gate was wrong. */
const GATE_SETTINGS = ['gate', 'gateMode', 'gateTimeout', 'gateSlots', 'env'] as const satisfies SettingKey[];

/** What a run keeps of its configuration in its log: enough to compose it again. */
export function settingsToRecord(
  config: ResolvedConfig,
  overrides: WrittenConfig,
): Readonly<Record<string, unknown>> {
  return { config: config.written, saidByCaller: Object.keys(overrides) };
}

/** The configuration a run was started with, with what the caller says now on top. */
export function recordedConfig(root: string, state: RunState, overrides: WrittenConfig): ResolvedConfig {
  const recorded = (state.settings?.config ?? {}) as WrittenConfig;
  // Approved when the run was started, or said by the caller: nothing is left to ask.
  return completeConfig(root, { ...recorded, ...overrides });
}

/**
 * {@link recordedConfig}, with the gate as the configuration file has it now: it may have been mended since the run started.
 * What the caller said at that start still counts before the file.
 *
 * @throws PwtError `PWT_COMMAND_NOT_APPROVED` for what is new in the file
 */
export async function retryConfig(context: OperationContext, state: RunState): Promise<ResolvedConfig> {
  const { project, overrides, config, approvals } = context;
  const said = state.settings?.saidByCaller as readonly string[] | undefined;
  // Runs of earlier versions do not say what came from the file.
  if (said === undefined) return recordedConfig(project.root, state, overrides);
  const ofFile = GATE_SETTINGS.filter((key) => !said.includes(key) && overrides[key] === undefined);
  const kinds: readonly string[] = ofFile;
  const commands = config.repositoryCommands.filter(({ kind }) => kinds.includes(kind));
  await approveCommands(project, commands, approvals);
  const now = Object.fromEntries(ofFile.map((key) => [key, config.written[key]]));
  return recordedConfig(project.root, state, { ...now, ...overrides });
}
