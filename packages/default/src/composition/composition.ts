import type { EventSink } from '@pwt/core';
import type { ApproveCode } from '../approval/code-approval.js';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Project } from '../project/project.js';
import { composeParts } from './compose-parts.js';
import type { Container } from './container.js';
import { type LoadedPlugin, loadPlugins } from './plugins/load-plugins.js';

/** One project with one configuration, its plugins loaded and its parts ready to be made. */
export interface Session {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly plugins: readonly LoadedPlugin[];
  readonly container: Container;
}

export interface OpenSessionRequest {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly sinks: readonly EventSink[];
  readonly warn: (message: string) => void;
  /** Asked before a plugin that is a file of the repository is run. @default it is run */
  readonly approveCode?: ApproveCode | undefined;
}

/** @throws PwtError `PWT_PLUGIN_*` that names the plugin */
export async function openSession(request: OpenSessionRequest): Promise<Session> {
  const { project, config } = request;
  const plugins = await loadPlugins(config.plugins, project.root, request.approveCode);
  return { project, config, plugins, container: composeParts({ ...request, plugins }) };
}
