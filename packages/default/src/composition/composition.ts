import type { EventSink } from '@pwt/core';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Project } from '../project/project.js';
import { composeParts } from './compose-parts.js';
import type { Container } from './container.js';
import type { ApproveCommand } from './parts/task-sources.js';
import { type LoadedPlugin, type LoadPluginsOptions, loadPlugins } from './plugins/load-plugins.js';

/** One project with one configuration, its plugins loaded and its parts ready to be made. */
export interface Composition {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly plugins: readonly LoadedPlugin[];
  readonly container: Container;
}

export interface CompositionsOptions {
  /** How plugins are found, and whether they are run. */
  readonly loading: LoadPluginsOptions;
  readonly sinks: readonly EventSink[];
  readonly warn: (message: string) => void;
  /** Asked before a command of the repository's that prints tasks is run. @default it is run */
  readonly approveCommand?: ApproveCommand | undefined;
}

/** Composes a project under one configuration or more: each once. */
export class Compositions {
  readonly #options: CompositionsOptions;
  readonly #made: Composition[] = [];

  constructor(options: CompositionsOptions) {
    this.#options = options;
  }

  /** @throws PwtError `PWT_PLUGIN_*` that names the plugin */
  async of(project: Project, config: ResolvedConfig): Promise<Composition> {
    const known = this.#made.find((one) => one.config === config && one.project === project);
    if (known) return known;
    const { sinks, warn, loading, approveCommand } = this.#options;
    const plugins = await loadPlugins(config.plugins, project.root, loading);
    const container = composeParts({ project, config, plugins, sinks, warn, approveCommand });
    const made = { project, config, plugins, container };
    this.#made.push(made);
    return made;
  }

  /** Disposes every part that was made, the newest composition first. */
  async dispose(): Promise<void> {
    for (const { container } of this.#made.splice(0).reverse()) await container.dispose();
  }
}
