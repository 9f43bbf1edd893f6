import { resolve } from 'node:path';
import { defined, type EventSink, PwtError } from '@pwt/core';
import type { ApprovalOptions } from './approval/approval-options.js';
import { ApprovalStore } from './approval/approvals.js';
import { codeApproval } from './approval/code-approval.js';
import type { BundledPlugins } from './composition/plugins/load-plugins.js';
import { agentList } from './config/agent-list.js';
import type { ApproveCode } from './config/approve-code.js';
import { resolveConfig } from './config/resolve.js';
import type { Agent } from './config/setting.js';
import type { WrittenConfig } from './config/written-config.js';
import { type Environment, openProject, type Project } from './project/project.js';
import { PwtCoordinator } from './pwt-coordinator.js';

/** Settings given here win over those of the configuration file and need no approval. */
export interface CreateCoordinatorOptions extends Omit<WrittenConfig, 'env'> {
  /** Any directory of the checkout. Absolute. */
  readonly cwd: string;
  /** For git, agents and gates. @default the environment of this process */
  readonly env?: Environment;
  /** What agents, setup and gate get of it: the setting `env`, which means the environment itself here. */
  readonly childEnv?: WrittenConfig['env'];
  /** A configuration file instead of the search, relative to the root of the checkout; `false` for none. */
  readonly configFile?: string | false;
  /**
   * A folder of the user's where pwt keeps which git configuration it trusts, out of the agents' reach. Absolute.
   * @default the repository's state directory, where an agent that may write there can change it
   */
  readonly trustDir?: string;
  /** The command line that starts pwt, which agents are told to call. Absolute. @default `pwt`, as they find it */
  readonly pwt?: readonly string[];
  /** What the settings given here are called in problems. @default 'options' */
  readonly settingsSource?: string;
  /** See every event of every run. */
  readonly sinks?: readonly EventSink[];
  /**
   * Plugins that the program has inside, by the name under which a configuration finds each: how its module is loaded.
   * A package of that name that the project has installed goes before.
   */
  readonly bundledPlugins?: BundledPlugins;
  /** Gets the warnings of plugins. @default they are dropped */
  readonly onWarning?: (message: string) => void;
  /**
   * Have a person approve the commands of the repository's own configuration file before they run, as the CLI
   * does. Absent: a call of `run` approves them, so set it in a program that opens repositories of others.
   */
  readonly approvals?: ApprovalOptions;
}

/**
 * Opens a repository and composes everything that is needed to plan and run tasks in it.
 *
 * @example
 * const coordinator = await createCoordinator({ cwd, agent: 'claude', maxInstances: 2 });
 * const result = await coordinator.run({ taskIds: ['20', '21'], autoApprove: true });
 * await coordinator.dispose();
 *
 * @throws PwtError `PWT_NOT_A_REPOSITORY`, `PWT_BARE_REPOSITORY`, `PWT_GIT_TOO_OLD`, `PWT_GIT_NOT_FOUND`,
 *   `PWT_CONFIG_*`, `PWT_CODE_NOT_APPROVED`, `PWT_PLUGIN_*`, `PWT_PLATFORM_UNSUPPORTED`
 */
export async function createCoordinator(options: CreateCoordinatorOptions): Promise<PwtCoordinator> {
  const {
    cwd,
    env,
    childEnv,
    configFile,
    trustDir,
    pwt,
    settingsSource,
    sinks,
    bundledPlugins,
    onWarning,
    approvals,
    ...settings
  } = options;
  const said = childEnv === undefined ? settings : { ...settings, env: childEnv };
  const overrides = withAbsoluteCommand(said, cwd);
  refuseWindows();
  // The one place where a library of pwt looks at the process around it: a caller who says nothing means it.
  // biome-ignore lint/style/noProcessEnv: the default of an option, see above
  const environment = env ?? process.env;
  const opened = openProject({
    cwd,
    env: environment,
    ...defined({ trustDir, pwt }),
  });
  // There is something to check for certain: what checks it is loaded while git looks for the repository.
  if (Object.keys(overrides).length > 0) import('./config/schema.js').catch(() => undefined);
  const project = await opened;
  const approveCode = approvals && judge(project, approvals, onWarning ?? (() => undefined));
  const config = await resolveConfig({
    root: project.root,
    approveCode,
    overrides,
    ...defined({ configFile, overridesSource: settingsSource }),
  });
  return new PwtCoordinator({
    project,
    config,
    overrides,
    sinks: sinks ?? [],
    bundledPlugins,
    warn: onWarning ?? (() => undefined),
    ...(approvals === undefined ? {} : { approvals, approveCode }),
  });
}

function judge(project: Project, options: ApprovalOptions, warn: (message: string) => void): ApproveCode {
  const { file, confirm, unapprovedCode } = options;
  const store = new ApprovalStore({ file, repository: project.repository.commonDir });
  const skip = unapprovedCode === 'skip' ? warn : undefined;
  return codeApproval({ root: project.root, store, confirm, skip });
}

/** A command that the caller gives as a path means the caller's directory, also when the run is resumed. */
function withAbsoluteCommand(said: WrittenConfig, cwd: string): WrittenConfig {
  const { agent } = said;
  if (agent === undefined || typeof agent === 'string') return said;
  const absolute = agentList(agent).map((one) => withAbsoluteProgram(one, cwd));
  return { ...said, agent: Array.isArray(agent) ? absolute : (absolute[0] ?? agent) };
}

function withAbsoluteProgram(agent: Agent, cwd: string): Agent {
  if (typeof agent !== 'object' || !('command' in agent) || !Array.isArray(agent.command)) return agent;
  const [program, ...args] = agent.command as readonly string[];
  if (!program?.includes('/')) return agent;
  return { ...agent, command: [resolve(cwd, program), ...args] };
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new PwtError(
    'PWT_PLATFORM_UNSUPPORTED',
    'pwt runs on Linux and macOS; on Windows it runs inside WSL.',
    {
      hint: 'Install WSL (wsl --install) and run pwt there: https://learn.microsoft.com/windows/wsl/install',
    },
  );
}
