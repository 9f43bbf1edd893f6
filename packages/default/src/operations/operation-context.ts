import type { ApprovalOptions } from '../approval/approval-options.js';
import type { Composition } from '../composition/composition.js';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { WrittenConfig } from '../config/written-config.js';
import type { Project } from '../project/project.js';
import type { RunStore } from '../project/run-store.js';
import type { StopSwitch } from './stop-switch.js';

/** What every operation on a project is given. */
export interface OperationContext {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** What of the configuration the caller said itself. */
  readonly overrides: WrittenConfig;
  /** The recorded runs. */
  readonly runs: RunStore;
  /** Stops the run of this process. */
  readonly stop: StopSwitch;
  /** Gets warnings that are no part of a result. */
  readonly warn: (message: string) => void;
  readonly approvals: ApprovalOptions | undefined;
  /**
   * The composed parts.
   *
   * @param config instead of {@link OperationContext.config}
   * @param project instead of {@link OperationContext.project}
   * @throws PwtError `PWT_PLUGIN_*`
   */
  readonly compose: (config?: ResolvedConfig, project?: Project) => Promise<Composition>;
}
