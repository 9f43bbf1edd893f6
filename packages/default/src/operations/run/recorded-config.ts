import type { RunState } from '@pwt/core';
import { completeConfig } from '../../config/resolve.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { WrittenConfig } from '../../config/written-config.js';

/** The configuration a run was started with, with what the caller says now on top. */
export function recordedConfig(root: string, state: RunState, overrides: WrittenConfig): ResolvedConfig {
  const recorded = (state.settings?.config ?? {}) as WrittenConfig;
  // Approved when the run was started, or said by the caller: nothing is left to ask.
  return completeConfig(root, { ...recorded, ...overrides });
}
