import type { Gate } from './gate.js';
import type { EventSink } from './journal.js';
import type { AgentLauncher } from './launcher.js';
import type { Merger } from './merger.js';
import type { Radar } from './radar.js';
import type { RepositoryObserver } from './repository.js';
import type { ResourceMonitor } from './resources.js';
import type { Separator } from './separator.js';
import type { TaskSource } from './task.js';
import { type Token, token } from './token.js';
import type { WorkspaceProvider } from './workspace.js';

/** The version of the plugin contract in this copy of core. */
export const PLUGIN_API_VERSION = 2;

/** What a plugin may know about where it runs. */
export interface PluginContext {
  /** The top level of the user's checkout. Absolute. */
  readonly projectRoot: string;
  /** The repository's common git directory. Absolute. */
  readonly gitCommonDir: string;
  /**
   * How git is to be given the repository, as `GIT_WORK_TREE`, `GIT_DIR` and `GIT_COMMON_DIR`, so that it uses the configuration that
   * the user has trusted and not what an agent has written into it since: `Git.inPlace` of `@pwt/git` takes it, and `mirror` stands for
   * `commonDir`. Absent: git is to look for the repository in {@link projectRoot}.
   */
  readonly gitPlace?: {
    readonly workTree: string;
    readonly gitDir: string;
    readonly commonDir: string;
    readonly mirror?: string;
  };
  /** Where pwt keeps its state for this repository. Absolute. */
  readonly stateDir: string;
  /** The environment the user started pwt with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * The settings of the configuration by their names (`agent`, `gate`, `setup`, …), with defaults filled in. Plain data, unchecked
   * for the plugin's own needs.
   */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Shows the user a warning; stops nothing. */
  warn(message: string): void;
}

/**
 * Makes a part, once, when it is first needed.
 *
 * `options` come from the configuration unchecked, `undefined` if it has none; the plugin checks them. A `PwtError` reaches
 * the user unchanged. Anything else that is thrown is reported as a mistake of the plugin (`PWT_PLUGIN_FAILED`).
 */
export type PluginFactory<T> = (context: PluginContext, options: unknown) => T | Promise<T>;

/** A command that a plugin adds to `pwt`. */
export interface PluginCommand {
  /** One line, for `pwt help`. */
  readonly summary: string;
  /**
   * Runs the command, and resolves with its exit code. `argv`: what follows its name. It listens for signals itself.
   */
  run(request: PluginCommandRequest): Promise<number>;
}

export interface PluginCommandRequest {
  readonly argv: readonly string[];
  readonly context: PluginContext;
  /** As for a {@link PluginFactory}. */
  readonly options: unknown;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** One thing that a plugin needs, and how it looks. `note`: works, could be better. */
export interface PluginCheck {
  /** Stable, for programs. */
  readonly name: string;
  readonly status: 'ok' | 'note' | 'warning' | 'problem';
  readonly message: string;
  /** The one command, or the one step, that fixes it. */
  readonly fix?: string;
}

/**
 * What a plugin module exports as `plugin`. Each contract it provides replaces the built-in
 * implementation; task sources and event sinks are added to those already there.
 */
export interface PwtPlugin {
  readonly name: string;
  readonly apiVersion: typeof PLUGIN_API_VERSION;
  /** Further commands of `pwt` in a project that names the plugin, by their names. None can replace one of pwt's own. */
  readonly commands?: Readonly<Record<string, PluginCommand>>;
  /** What `pwt doctor` says of what the plugin needs. Reports what it finds, and throws only for a mistake of its own. */
  readonly examine?: (context: PluginContext, options: unknown) => Promise<readonly PluginCheck[]>;
  readonly provides: {
    readonly taskSource?: PluginFactory<TaskSource>;
    readonly separator?: PluginFactory<Separator>;
    readonly workspaceProvider?: PluginFactory<WorkspaceProvider>;
    readonly agentLauncher?: PluginFactory<AgentLauncher>;
    readonly merger?: PluginFactory<Merger>;
    /** `undefined`: work lands untested, as without a `gate` in the configuration. */
    readonly gate?: PluginFactory<Gate | undefined>;
    readonly resourceMonitor?: PluginFactory<ResourceMonitor>;
    readonly repositoryObserver?: PluginFactory<RepositoryObserver>;
    readonly radar?: PluginFactory<Radar>;
    readonly eventSink?: PluginFactory<EventSink>;
  };
}

/** Identity function that types a plugin in plain JavaScript and TypeScript alike. */
export function definePlugin(plugin: PwtPlugin): PwtPlugin {
  return plugin;
}

/** The keys under which the composed default registers its parts. */
export const tokens: {
  readonly taskSources: Token<readonly TaskSource[]>;
  readonly separator: Token<Separator>;
  readonly workspaceProvider: Token<WorkspaceProvider>;
  readonly agentLauncher: Token<AgentLauncher>;
  readonly merger: Token<Merger>;
  readonly gate: Token<Gate | undefined>;
  readonly resourceMonitor: Token<ResourceMonitor>;
  readonly repositoryObserver: Token<RepositoryObserver>;
  readonly radar: Token<Radar>;
  readonly eventSinks: Token<readonly EventSink[]>;
} = {
  taskSources: token('task-sources'),
  separator: token('separator'),
  workspaceProvider: token('workspace-provider'),
  agentLauncher: token('agent-launcher'),
  merger: token('merger'),
  gate: token('gate'),
  resourceMonitor: token('resource-monitor'),
  repositoryObserver: token('repository-observer'),
  radar: token('radar'),
  eventSinks: token('event-sinks'),
};
